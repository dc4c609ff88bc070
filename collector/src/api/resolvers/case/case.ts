import type { GraphNode } from '@delegraph/graph-schema'
import { CASE_CHANGES, CASE_STATES } from '../../../cases/index.ts'
import { intOf, jsonOf, textOf, wordOf } from '../../columns.ts'
import { type Args, pageOf } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { throwIfInvalid } from '../../errors.ts'
import { fromMilliseconds } from '../../instants.ts'
import type { Fields } from '../fields.ts'
import { nodeId } from '../node-id.ts'
import { kindOf, subjectOf } from './case-subject.ts'

export const caseFields: Fields<GraphNode> = {
  nodeId: (node) => nodeId('Case', node.key),
  id: (node) => node.key,
  title: (node) => textOf(node, 'title') ?? '',
  state: (node) => stateOf(node) ?? 'open',
  version: (node) => intOf(node, 'version') ?? 0,
  openedAt: (node) => fromMilliseconds(intOf(node, 'openedAt')),
  openedBy: (node) => textOf(node, 'openedBy') ?? '',
  updatedAt: (node) => fromMilliseconds(intOf(node, 'updatedAt')),
  updatedBy: (node) => textOf(node, 'updatedBy') ?? '',
  closedAt: (node) => fromMilliseconds(intOf(node, 'closedAt')),
  closedBy: (node) => textOf(node, 'closedBy'),
  size: (node) => intOf(node, 'size') ?? 0,
  items: (node, args, { store }) => pageIn(store, ITEMS, node, args),
  history: (node, args, { store }) => pageIn(store, HISTORY, node, args),
}

export const caseItemFields: Fields<GraphNode> = {
  kind: kindOf,
  id: (item) => textOf(item, 'subject') ?? '',
  note: (item) => textOf(item, 'note'),
  addedAt: (item) => fromMilliseconds(intOf(item, 'addedAt')),
  addedBy: (item) => textOf(item, 'addedBy') ?? '',
  subject: (item, _, context) => subjectOf(item, context),
}

export const caseEventFields: Fields<GraphNode> = {
  version: (event) => intOf(event, 'version') ?? 0,
  at: (event) => fromMilliseconds(intOf(event, 'at')),
  by: (event) => textOf(event, 'by') ?? '',
  change: (event) => wordOf(textOf(event, 'change'), CASE_CHANGES, 'changed'),
  title: (event) => textOf(event, 'title'),
  state: stateOf,
  comment: (event) => textOf(event, 'comment'),
  items: (event) => jsonOf(event, 'items') ?? [],
}

const ITEMS = { name: 'CaseItemConnection', of: 'CaseItem', orderBy: 'place' } as const
const HISTORY = { name: 'CaseEventConnection', of: 'CaseEvent', orderBy: 'version' } as const

async function pageIn(
  store: ApiContext['store'],
  listing: typeof ITEMS | typeof HISTORY,
  { key }: GraphNode,
  args: Args,
) {
  const where = { equals: { case: [key] } }
  return throwIfInvalid(await pageOf(store, { ...listing, where, direction: 'asc' }, args))
}

function stateOf(node: GraphNode): string | undefined {
  return CASE_STATES.find((state) => state === textOf(node, 'state'))
}
