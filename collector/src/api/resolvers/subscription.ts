import type { GraphNode } from '@delegraph/graph-schema'
import { intOf, textOf, wordOf } from '../columns.ts'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
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
    const leave = context.subscriptions.enter(context.viewer.name)
    return findingStream(context, start, leave)
  },
  resolve: (event: GraphNode, _: Args, context: ApiContext): GraphNode => {
    context.renew()
    return event
  },
}

export const findingEventFields: Fields<GraphNode> = {
  cursor: (event) => event.key,
  change: (event) => wordOf(textOf(event, 'change'), CHANGES, 'updated'),
  learnedAt: (event) => fromMilliseconds(intOf(event, 'learnedAt')),
  finding: (event, _, { load }) => load.node.Finding(textOf(event, 'finding') ?? ''),
}
