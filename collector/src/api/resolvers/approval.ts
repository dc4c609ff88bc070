import type { GraphNode } from '@delegraph/graph-schema'
import { outcomeFrom } from '../../verify/path.ts'
import { intOf, textOf } from '../columns.ts'
import { pageOfKeys } from '../connection.ts'
import { throwIfInvalid } from '../errors.ts'
import { fromNumericDate } from '../instants.ts'
import { argumentsOf } from './arguments.ts'
import { agentRef, type Fields, principalRef } from './fields.ts'
import { findingPage } from './finding-page.ts'
import { nodeId } from './node-id.ts'
import { withdrawalsOfApproval } from './withdrawal.ts'

/** A person's yes, or no, to one call under one link. */
export const approvalFields: Fields<GraphNode> = {
  nodeId: (node) => nodeId('Approval', node.key),
  id: (node) => node.key,
  arrived: (node) => textOf(node, 'outcome') !== undefined,
  approver: (node) => principalRef(textOf(node, 'approver')),
  issuer: (node) => textOf(node, 'issuer'),
  subject: async (node, _, { load }) => {
    const link = textOf(node, 'link')
    const holder = link === undefined ? undefined : await load.node.Link(link)
    return holder === undefined ? undefined : agentRef(textOf(holder, 'agent'))
  },
  link: async (node, _, { load }) => {
    const link = textOf(node, 'link')
    return link === undefined ? undefined : load.node.Link(link)
  },
  tool: (node) => textOf(node, 'tool'),
  audience: (node) => textOf(node, 'audience'),
  arguments: (node, _, context) => argumentsOf(node, context),
  actionHash: (node) => textOf(node, 'actionHash'),
  task: (node) => textOf(node, 'task'),
  decision: (node) => textOf(node, 'decision'),
  issuedAt: (node) => fromNumericDate(intOf(node, 'issuedAt')),
  expiresAt: (node) => fromNumericDate(intOf(node, 'expiresAt')),
  verdict: (node) => outcomeFrom(textOf(node, 'outcome')),
  withdrawals: (node, _, context) => withdrawalsOfApproval(node, context),
  uses: async (node, args, { store }) => {
    const actions = await store.neighbours('USED', 'in', [node.key])
    const load = (keys: readonly string[]) => store.find('Action', 'id', keys)
    return throwIfInvalid(await pageOfKeys('ActionConnection', actions, load, args))
  },
  findings: (node, args, context) =>
    findingPage({ culpritKind: ['approval'], culprit: [node.key] }, args, context),
}
