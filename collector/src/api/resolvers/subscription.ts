import type { GraphNode } from '@delegraph/graph-schema'
import { intOf, textOf, wordOf } from '../columns.ts'
import { type Args, type Connection, pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import type { InvalidArgument } from '../errors.ts'
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

const LONGEST = 86_400_000

export const findingRaised = {
  subscribe: async (_: unknown, args: Args, context: ApiContext) => {
    const { after } = args
    const start = await startOf(context.store, typeof after === 'string' ? after : undefined)
    const { viewer, subscriptions, clock } = context
    const leave = subscriptions.enter(viewer.name)
    let timer: NodeJS.Timeout | undefined
    const over = (): void => void stream.return?.()
    const stream = findingStream(context, start, () => {
      clearTimeout(timer)
      viewer.ended?.removeEventListener('abort', over)
      leave()
    })
    // A stream does not outlive what its listener showed; he comes again with the last cursor.
    viewer.ended?.addEventListener('abort', over)
    if (viewer.ended?.aborted === true) over()
    if (viewer.until !== undefined) {
      timer = setTimeout(over, Math.max(0, Math.min(viewer.until - clock(), LONGEST)))
    }
    return stream
  },
  resolve: (event: GraphNode, _: Args, context: ApiContext): GraphNode => {
    context.renew()
    return event
  },
}

/** The same changes as a log, for whoever looks back. */
export function findingEvents(
  _: unknown,
  args: Args,
  { store }: ApiContext,
): Promise<Connection | InvalidArgument> {
  const listing = {
    name: 'FindingEventConnection',
    of: 'FindingEvent',
    where: {},
    orderBy: 'cursor',
    direction: 'desc',
  } as const
  return pageOf(store, listing, args)
}

export const findingEventFields: Fields<GraphNode> = {
  cursor: (event) => event.key,
  change: (event) => wordOf(textOf(event, 'change'), CHANGES, 'updated'),
  learnedAt: (event) => fromMilliseconds(intOf(event, 'learnedAt')),
  finding: (event, _, { load }) => load.node.Finding(textOf(event, 'finding') ?? ''),
}
