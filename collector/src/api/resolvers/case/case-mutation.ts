import type { GraphNode } from '@delegraph/graph-schema'
import type { CaseRefusal } from '../../../cases/index.ts'
import type { Args } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import {
  type CaseClosed,
  type CaseConflict,
  type Forbidden,
  type InvalidArgument,
  invalidArgument,
  isUserError,
  type NotFound,
  notFound,
} from '../../errors.ts'
import type { Fields } from '../fields.ts'
import { inputOf, keyIn, otherInput, refusedTo } from '../given.ts'
import { changeIn, commentIn, itemsIn, knownIn, titleIn } from './case-input.ts'

type Answer = GraphNode | NotFound | InvalidArgument | CaseConflict | CaseClosed | Forbidden

/** What is said of cases. Each is in the journal before it is answered. */
export const caseMutations: Fields<unknown> = {
  openCase: (_, args, context) =>
    said(args, context, (input, by, key) => {
      const [title, comment, items] = [titleIn(input), commentIn(input), itemsIn(input, 0)]
      if (isUserError(title)) return title
      if (isUserError(comment)) return comment
      if (isUserError(items)) return items
      const words = { title: title ?? '', items, ...(comment === undefined ? {} : { comment }) }
      return context.cases.open(words, by, key)
    }),
  addToCase: (_, args, context) =>
    said(args, context, (input, by, key) => {
      const [known, items] = [knownIn(input), itemsIn(input, 1)]
      if (isUserError(known)) return known
      return isUserError(items) ? items : context.cases.add(known, items, by, key)
    }),
  takeFromCase: (_, args, context) =>
    said(args, context, (input, by, key) => {
      const [known, items] = [knownIn(input), itemsIn(input, 1)]
      if (isUserError(known)) return known
      return isUserError(items) ? items : context.cases.take(known, items, by, key)
    }),
  changeCase: (_, args, context) =>
    said(args, context, (input, by, key) => {
      const [known, title, comment] = [knownIn(input), titleIn(input), commentIn(input)]
      if (isUserError(known)) return known
      if (isUserError(title)) return title
      if (isUserError(comment)) return comment
      const words = {
        ...(title === undefined ? {} : { title }),
        ...(comment === undefined ? {} : { comment }),
      }
      const change = changeIn(input, words)
      return isUserError(change) ? change : context.cases.change(known, change, by, key)
    }),
}

type Said = Promise<string | CaseRefusal> | InvalidArgument

async function said(
  args: Args,
  context: ApiContext,
  say: (input: Args, by: string, key: string | undefined) => Said,
): Promise<Answer> {
  const refused = refusedTo('analyst', context)
  if (refused !== undefined) return refused
  const input = inputOf(args)
  const key = keyIn(input)
  if (isUserError(key)) return key
  const told = await say(input, context.viewer.name, key)
  if (isUserError(told)) return told
  if (typeof told !== 'string') return refusalAnswer(told)
  return (await context.load.node.Case(told)) ?? notFound(`case ${told}`)
}

function refusalAnswer(refusal: CaseRefusal): Answer {
  switch (refusal.refused) {
    case 'unknown_case':
      return notFound(`case ${refusal.id}`)
    case 'unknown_item':
      return notFound(`${refusal.item.kind} ${refusal.item.id}`)
    case 'not_in_case': {
      const { kind, id } = refusal.item
      return { kind: 'NotFoundError', message: `${kind} ${id} is not in this case` }
    }
    case 'other_input':
      return otherInput()
    case 'too_many':
      return invalidArgument('input.items', 'so few that the case holds at most 1,000')
    case 'closed': {
      const message = 'the case is closed: open it again first'
      return { kind: 'CaseClosedError', message, case: refusal.node }
    }
    case 'conflict': {
      const version = Number(refusal.node.columns['version'])
      const message = `somebody changed the case meanwhile: it is at version ${version}`
      return { kind: 'CaseConflictError', message, case: refusal.node, version }
    }
  }
}
