import type { GraphNode } from '@delegraph/graph-schema'
import { intOf, textOf, wordOf } from '../columns.ts'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { apiError } from '../errors.ts'
import { findingStream, startOf } from '../finding-stream.ts'
import { fromMilliseconds } from '../instants.ts'
import type { Fields } from './fields.ts'

/** What may become of a finding. */
export const CHANGES = [
  'opened',
  'updated',
  'withdrawn',
  'reopened',
  'triaged',
  'acknowledged',
  'closed',
  'accepted',
  'suppressed',
] as const

export const findingRaised = {
  subscribe: async (_: unknown, args: Args, context: ApiContext) => {
    const { after } = args
    const start = await startOf(context.store, typeof after === 'string' ? after : undefined)
    const { subscriptions } = context
    if (subscriptions.open >= subscriptions.max) {
      throw apiError('TOO_MANY_SUBSCRIPTIONS', `at most ${subscriptions.max} at a time`, 503)
    }
    subscriptions.open += 1
    return findingStream(context, start, () => {
      subscriptions.open -= 1
    })
  },
  resolve: (event: GraphNode): GraphNode => event,
}

export const findingEventFields: Fields<GraphNode> = {
  cursor: (event) => event.key,
  change: (event) => wordOf(textOf(event, 'change'), CHANGES, 'updated'),
  learnedAt: (event) => fromMilliseconds(intOf(event, 'learnedAt')),
  finding: (event, _, { load }) => load.node.Finding(textOf(event, 'finding') ?? ''),
}
