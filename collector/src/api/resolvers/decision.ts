import type { GraphNode } from '@delegraph/graph-schema'
import type { PolicyEvaluation } from '@delegraph/link'
import type { Filter, GraphStore } from '../../graph/index.ts'
import { outcomeFrom } from '../../verify/path.ts'
import { intOf, textOf, wordOf } from '../columns.ts'
import { type Args, type Connection, type Listing, pageOf, pageOfKeys } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { type InvalidArgument, isUserError, throwIfInvalid } from '../errors.ts'
import { fromNumericDate } from '../instants.ts'
import { argumentsOf } from './arguments.ts'
import { chainOf } from './chain.ts'
import { exactValues } from './exact-values.ts'
import { agentRef, type Fields } from './fields.ts'
import { nodeId } from './node-id.ts'

const ANSWERS = ['allow', 'deny'] as const

/** What a policy decision point said. */
export const decisionFields: Fields<GraphNode> = {
  nodeId: (node) => nodeId('Decision', node.key),
  id: (node) => node.key,
  kind: (node) => wordOf(textOf(node, 'kind'), ['request', 'intent'], 'request'),
  answer: (node) => answerIn(node, 'verdict'),
  intent: (node) => answerIn(node, 'intent'),
  intentMethod: (node) => textOf(node, 'intentMethod'),
  at: (node) => fromNumericDate(intOf(node, 'at')),
  issuer: (node) => textOf(node, 'issuer'),
  agent: (node) => agentRef(textOf(node, 'agent')),
  caller: (node) => agentRef(textOf(node, 'caller')),
  tool: (node) => textOf(node, 'tool'),
  resource: async (node, _, context) => {
    const action = await onlyAction(node, context)
    return action && textOf(action, 'resource')
  },
  arguments: (node, _, context) => argumentsOf(node, context),
  service: (node) => textOf(node, 'audience'),
  policyHash: (node) => textOf(node, 'policy'),
  evaluation: (node) => {
    const text = textOf(node, 'evaluation')
    return text === undefined ? undefined : (JSON.parse(text) as PolicyEvaluation)
  },
  requestHash: (node) => textOf(node, 'request'),
  actionHash: (node) => textOf(node, 'actionHash'),
  task: (node) => textOf(node, 'task'),
  link: async (node, _, { load }) => {
    const link = textOf(node, 'link')
    return link === undefined ? undefined : load.node.Link(link)
  },
  chain: async (node, _, context) => {
    const link = textOf(node, 'link')
    return link === undefined ? undefined : chainOf(link, context)
  },
  action: (node, _, context) => onlyAction(node, context),
  actions: async (node, args, { store }) => {
    const load = (keys: readonly string[]) => store.find('Action', 'id', keys)
    return throwIfInvalid(
      await pageOfKeys('ActionConnection', await decided(node, store), load, args),
    )
  },
  // What nobody signed is marked so by whoever stated it; a signed one is judged as a whole.
  signature: (node) => {
    if (textOf(node, 'signature') === 'missing') return 'missing'
    const { state } = outcomeFrom(textOf(node, 'outcome'))
    return state === 'ok' ? 'valid' : state === 'failed' ? 'invalid' : 'unchecked'
  },
  verdict: (node) => outcomeFrom(textOf(node, 'outcome')),
}

export const evaluationFields: Fields<PolicyEvaluation> = {
  answer: ({ decision }) => (decision ? 'allow' : 'deny'),
  errors: ({ errors }) => errors ?? [],
  latency: ({ latency_us }) => latency_us / 1000,
}

function answerIn(node: GraphNode, column: string): string | undefined {
  return ANSWERS.find((answer) => answer === textOf(node, column))
}

function decided(node: GraphNode, store: GraphStore): Promise<string[]> {
  return store.neighbours('DECIDED', 'out', [node.key])
}

async function onlyAction(
  node: GraphNode,
  { store, load }: ApiContext,
): Promise<GraphNode | undefined> {
  const [action, ...others] = await decided(node, store)
  return action === undefined || others.length > 0 ? undefined : load.node.Action(action)
}

export async function decisions(
  _: unknown,
  args: Args,
  { store, instants }: ApiContext,
): Promise<Connection | InvalidArgument> {
  const listing = decisionListing(args, instants?.validAt)
  return isUserError(listing) ? listing : pageOf(store, listing, args)
}

/** What `filter` and `orderBy` ask of the store. */
export function decisionListing(args: Args, validAt?: number): Listing | InvalidArgument {
  const where = decisionFilter((args['filter'] ?? {}) as Args, validAt)
  if (isUserError(where)) return where
  const { direction } = (args['orderBy'] ?? {}) as Args
  return {
    name: 'DecisionConnection',
    of: 'Decision',
    where,
    orderBy: 'at',
    direction: direction === 'asc' ? 'asc' : 'desc',
  }
}

/** What had not been decided by `validAt`, epoch milliseconds, is left out. */
function decisionFilter(filter: Args, validAt: number | undefined): Filter | InvalidArgument {
  const { answer: verdict, policyHash: policy, after, before, errored } = filter
  const names = ['verdict', 'kind', 'agent', 'tool', 'task', 'link', 'policy']
  const texts = { ...filter, verdict, policy }
  const found = exactValues('filter', texts, [...names, 'policyAnswer', 'policyMode'])
  if (isUserError(found)) return found
  const equals = typeof errored === 'boolean' ? { ...found, errored: [errored] } : found
  const ends = [
    ...(typeof before === 'number' ? [Math.ceil(before / 1000) - 1] : []),
    ...(validAt === undefined ? [] : [Math.floor(validAt / 1000)]),
  ]
  return {
    equals,
    // From 0, so that what has no time is not counted either.
    min: { at: Math.max(firstSecond(after) ?? 0, 0) },
    max: ends.length === 0 ? {} : { at: Math.min(...ends) },
  }
}

/** The first whole second that is not before an instant: decisions are dated to the second. */
function firstSecond(instant: unknown): number | undefined {
  return typeof instant === 'number' ? Math.ceil(instant / 1000) : undefined
}
