import type { Trust } from '@delegraph/link'
import type { AlertRoute } from '../alerts/index.ts'
import type { GraphStore } from '../graph/index.ts'
import type { Journal } from '../journal/index.ts'
import { Projector } from './projector.ts'

export interface RebuildSettings {
  readonly store: GraphStore
  readonly journal: Pick<Journal, 'lastSeq' | 'read' | 'retentions'>
  /** The trust file's own keys; those that were found elsewhere are in the journal. */
  readonly trust: Trust
  readonly channels: readonly AlertRoute[]
  readonly pendingWindow: number
  readonly clock: () => number
  readonly onProgress?: (position: number) => void
}

/**
 * Empties a graph and makes it anew from the journal, judged to the end.
 *
 * @returns the journal records taken in
 * @throws what the store or the journal throws, at the first failure
 */
export async function rebuildGraph(settings: RebuildSettings): Promise<number> {
  await settings.store.clear()
  return followGraph(settings)
}

/** Takes into a graph what the journal has beyond it, judged to the end. @throws as `rebuildGraph` */
export async function followGraph(settings: RebuildSettings): Promise<number> {
  const { journal, onProgress = () => {} } = settings
  let failure: unknown
  const projector = new Projector({
    ...settings,
    onEvents: () => {},
    onError: (error) => {
      failure ??= error
    },
  })
  await projector.start()
  while (projector.position < journal.lastSeq && failure === undefined) {
    onProgress(projector.position)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await projector[Symbol.asyncDispose]()
  while (failure === undefined && (await projector.settle()) > 0);
  if (failure !== undefined) throw failure
  onProgress(projector.position)
  return projector.position
}
