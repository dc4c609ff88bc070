import type { Snapshot } from '../../questions/asking.ts'
import type { ApiContext } from '../context.ts'

/** What a request that is asked of these instants is answered from. */
export async function snapshotIn({ clock, store, instants }: ApiContext): Promise<Snapshot> {
  const now = clock()
  const { validAt, knownAt } = instants ?? { validAt: now, knownAt: now }
  return { validAt, knownAt, watermark: String(await store.position()) }
}

/** Pages of a root field say it themselves. */
export const pageFields = {
  snapshot: (_: unknown, __: unknown, context: ApiContext) => snapshotIn(context),
}
