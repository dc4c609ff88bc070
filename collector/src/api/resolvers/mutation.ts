import type { GraphNode } from '@delegraph/graph-schema'
import { needsReason, type Refusal, type Say, type TriageState } from '../../triage/index.ts'
import type { CloseReason } from '../../triage/states.ts'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import {
  type Conflict,
  type Forbidden,
  type InvalidArgument,
  type InvalidTransition,
  invalidArgument,
  isUserError,
  type NotFound,
  notFound,
} from '../errors.ts'
import type { Fields } from './fields.ts'
import { given, inputOf, keyIn, otherInput, refusedTo } from './given.ts'
import { matcherIn } from './matcher.ts'

const DAY = 86_400_000
const FURTHEST = 366 * DAY
const MAX_FINDINGS = 200
const MAX_ID = 1_024
const MAX_NAME = 256
const MAX_COMMENT = 4_000

type Answer =
  | { readonly kind: 'TriagePayload'; readonly findings: readonly GraphNode[] }
  | GraphNode
  | NotFound
  | InvalidArgument
  | Conflict
  | InvalidTransition
  | Forbidden

/** What changes something. Each is in the journal before it is answered. */
export const mutationFields: Fields<unknown> = {
  triage: async (_, args, context): Promise<Answer> => {
    const refused = refusedTo('analyst', context)
    if (refused !== undefined) return refused
    const input = inputOf(args)
    const key = keyIn(input)
    if (isUserError(key)) return key
    const say = sayIn(input, context.clock())
    if (isUserError(say)) return say
    const refusal = await context.desk.say(say, context.viewer.name, key)
    if (refusal !== undefined) return refusalAnswer(refusal, context)
    const found = await Promise.all(say.findings.map(({ id }) => context.load.node.Finding(id)))
    return { kind: 'TriagePayload', findings: found.filter((node) => node !== undefined) }
  },
  suppress: async (_, args, context): Promise<Answer> => {
    const refused = refusedTo('admin', context)
    if (refused !== undefined) return refused
    const input = inputOf(args)
    const key = keyIn(input)
    if (isUserError(key)) return key
    const matcher = matcherIn(input, 'input.matcher')
    if (isUserError(matcher)) return matcher
    const reason = String(input['reason']).trim()
    if (reason === '' || reason.length > MAX_COMMENT) {
      return invalidArgument('input.reason', `from 1 to ${MAX_COMMENT} characters`)
    }
    const until = Number(input['until'])
    if (!isAhead(until, context.clock())) return invalidArgument('input.until', AHEAD)
    const id = await context.desk.suppress({ matcher, reason, until }, context.viewer.name, key)
    return typeof id === 'string' ? ruleOf(id, context) : refusalAnswer(id, context)
  },
  endSuppression: async (_, args, context): Promise<Answer> => {
    const refused = refusedTo('admin', context)
    if (refused !== undefined) return refused
    const input = inputOf(args)
    const key = keyIn(input)
    if (isUserError(key)) return key
    const id = String(input['id']).slice(0, MAX_ID)
    const refusal = await context.desk.end(id, context.viewer.name, key)
    return refusal === undefined ? ruleOf(id, context) : refusalAnswer(refusal, context)
  },
}

const AHEAD = 'in the future and at most 366 days away'

function isAhead(until: number, now: number): boolean {
  return until > now && until <= now + FURTHEST
}

async function ruleOf(id: string, { load }: ApiContext): Promise<GraphNode | NotFound> {
  return (await load.node.Suppression(id)) ?? notFound(`suppression ${id}`)
}

async function refusalAnswer(refusal: Refusal, { load }: ApiContext): Promise<Answer> {
  switch (refusal.refused) {
    case 'unknown':
      return notFound(refusal.id.startsWith('sup_') ? refusal.id : `finding ${refusal.id}`)
    case 'other_input':
      return otherInput()
    case 'too_many':
      return invalidArgument('input.matcher', 'one of at most 500 rules in force: end one first')
    case 'transition': {
      const { from, to } = refusal
      const message = `what is ${from} is reopened (NEW) before it becomes ${to}`
      return { kind: 'InvalidTransitionError', message, from, to }
    }
    case 'conflict': {
      const { id, version } = refusal
      const finding = await load.node.Finding(id)
      if (finding === undefined) return notFound(`finding ${id}`)
      const message = `somebody changed ${id} meanwhile: it is at version ${version}`
      return { kind: 'ConflictError', message, finding, version }
    }
  }
}

/** What a `TriageInput` says, or what is wrong with it. Null is not given. */
function sayIn(input: Args, now: number): Say | InvalidArgument {
  const ids = (input['findings'] ?? []) as readonly string[]
  const versions = (input['expectedVersions'] ?? []) as readonly number[]
  const fits = ids.length >= 1 && ids.length <= MAX_FINDINGS && new Set(ids).size === ids.length
  if (!fits || ids.some((id) => id === '' || id.length > MAX_ID)) {
    return invalidArgument('input.findings', `1 to ${MAX_FINDINGS} different ids`)
  }
  if (versions.length !== ids.length || versions.some((version) => version < 0)) {
    return invalidArgument('input.expectedVersions', 'one for each finding, from 0')
  }
  const state = given<TriageState>(input, 'state')
  const reason = given<CloseReason>(input, 'reason')
  const until = given<number>(input, 'until')
  const comment = given<string>(input, 'comment')
  const assignee = input['unassign'] === true ? '' : given<string>(input, 'assignee')
  if (given(input, 'assignee') !== undefined && input['unassign'] === true) {
    return invalidArgument('input.unassign', 'false where assignee is given')
  }
  if (given(input, 'assignee') === '' || (assignee ?? '').length > MAX_NAME) {
    return invalidArgument('input.assignee', `from 1 to ${MAX_NAME} characters`)
  }
  if ((comment ?? '').length > MAX_COMMENT) {
    return invalidArgument('input.comment', `at most ${MAX_COMMENT} characters`)
  }
  const aside = state !== undefined && needsReason(state)
  if ((reason !== undefined) !== aside) {
    return invalidArgument('input.reason', 'given with CLOSED and ACCEPTED, and only with them')
  }
  if ((until !== undefined) !== (state === 'accepted')) {
    return invalidArgument('input.until', 'given with ACCEPTED, and only with it')
  }
  if (until !== undefined && !isAhead(until, now)) return invalidArgument('input.until', AHEAD)
  const word = { state, assignee, reason, comment, until }
  const said = Object.entries(word).filter(([, value]) => value !== undefined)
  if (said.length === 0) {
    return invalidArgument('input', 'a change: a state, an assignee or a comment')
  }
  const findings = ids.map((id, i) => ({ id, expected: versions[i] ?? 0 }))
  return { findings, ...Object.fromEntries(said) }
}
