import {
  type Authority,
  GRADES,
  type GraphNode,
  type Outcome,
  outcomeOf,
  type Verdict,
} from '@delegraph/graph-schema'
import type { PresentedToken } from '../../project/foreign/presented-tokens.ts'
import { instanceIn } from '../../project/instances.ts'
import { intOf, jsonOf, textOf, textsOf, wordOf } from '../columns.ts'
import { fromMilliseconds } from '../instants.ts'
import { argumentsOf } from './arguments.ts'
import { chainOf } from './chain.ts'
import { agentRef, type Fields, principalRef } from './fields.ts'
import { nodeId } from './node-id.ts'

const EFFECTS = ['ok', 'failed', 'denied', 'unknown'] as const
const KINDS = ['chain', 'standing', 'approved', 'public', 'none', 'unknown'] as const
/** Records of decisions on one action that an answer holds. */
const MAX_DECISIONS = 16

/** One use of one tool, with everything that was judged about it. */
export const actionFields: Fields<GraphNode> = {
  nodeId: (node) => nodeId('Action', node.key),
  id: (node) => node.key,
  traceId: (node) => textOf(node, 'trace') ?? '',
  spanId: (node) => textOf(node, 'span') ?? '',
  agent: (node) => agentRef(textOf(node, 'agent')),
  instanceUid: (node) => {
    const pair = textOf(node, 'seenAs')
    return pair === undefined ? undefined : instanceIn(pair)
  },
  tool: (node) => textOf(node, 'tool') ?? '',
  audience: (node) => textOf(node, 'audience'),
  arguments: (node, _, context) => argumentsOf(node, context),
  actionHash: (node) => textOf(node, 'actionHash'),
  task: (node) => textOf(node, 'task'),
  principal: (node) => principalRef(textOf(node, 'principal')),
  chain: async (node, _, context) => {
    const link = textOf(node, 'link') ?? textOf(node, 'chain')
    return link === undefined ? undefined : chainOf(link, context)
  },
  link: async (node, _, { load }) => {
    const link = textOf(node, 'link')
    return link === undefined ? undefined : load.node.Link(link)
  },
  at: (node) => fromMilliseconds(intOf(node, 'at')),
  endedAt: (node) => fromMilliseconds(intOf(node, 'endedAt')),
  effect: (node) => wordOf(textOf(node, 'effect'), EFFECTS, 'unknown'),
  grade: (node) => wordOf(textOf(node, 'grade'), GRADES, 'observed'),
  verdict: (node) => verdictOf(node),
  flags: (node) => textsOf(node, 'flags'),
  drivers: (node) => textsOf(node, 'drivers'),
  approvals: async (node, _, { load }) => {
    const found = await Promise.all(textsOf(node, 'approvals').map((id) => load.node.Approval(id)))
    return found.filter((approval) => approval !== undefined)
  },
  decisions: (node) => textsOf(node, 'decisions'),
  decisionRecords: async (node, _, { load }) => {
    const named = textsOf(node, 'decisions').slice(0, MAX_DECISIONS)
    const found = await Promise.all(named.map((id) => load.node.Decision(id)))
    return found.filter((decision) => decision?.columns['outcome'] !== undefined)
  },
  credential: (node) => textOf(node, 'credential'),
  receipt: (node) => {
    const outcome = verdictOf(node).possession ?? outcomeOf('receipt_missing')
    return { hash: textOf(node, 'receipt'), state: receiptState(outcome), outcome }
  },
  foreign: (node) => jsonOf<readonly PresentedToken[]>(node, 'foreign') ?? [],
  calledSide: (node) => ({ receipt: textOf(node, 'calledReceipt'), agreement: agreementOf(node) }),
  why: (node) => jsonOf<Authority>(node, 'authority') ?? NOT_JUDGED,
  traceLinks: (node, _, { traceLinks }) =>
    traceLinks(textOf(node, 'trace') ?? '', textOf(node, 'span') ?? ''),
  settled: (node) => node.columns['settled'] === true,
  findings: async (node, _, { load }) => (await load.findingsByAction(node.key)) ?? [],
}

export const authorityFields: Fields<Authority> = {
  kind: (authority) => wordOf(authority.kind, KINDS, 'unknown'),
  breaksAt: ({ hops, uncoveredHop }) =>
    uncoveredHop === undefined ? undefined : hops[uncoveredHop],
}

const NOT_JUDGED: Authority = {
  kind: 'unknown',
  sentence: 'the action is only named and was not judged',
  hops: [],
}

function verdictOf(node: GraphNode): Partial<Verdict> {
  return jsonOf<Verdict>(node, 'verdict') ?? {}
}

function agreementOf(node: GraphNode): string {
  const { effect } = verdictOf(node)
  if (effect !== undefined && 'code' in effect && effect.code === 'effect_disagrees')
    return 'disagree'
  return textsOf(node, 'flags').includes('receipts_agree') ? 'agree' : 'indeterminate'
}

function receiptState(possession: Outcome): string {
  if (possession.state === 'ok') return 'valid'
  if (possession.state === 'failed') return 'invalid'
  return 'code' in possession && possession.code === 'receipt_missing' ? 'missing' : 'unknown'
}

export const foreignTokenFields: Fields<PresentedToken> = {
  link: (token, _, { load }) => load.node.Link(token.link),
  verdict: (token) => token.outcome,
}
