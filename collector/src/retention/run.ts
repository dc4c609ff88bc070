import { join } from 'node:path'
import { type Journal, openJournalView } from '../journal/index.ts'
import { pendingHolds } from './inbox.ts'
import {
  type Owner,
  type Plan,
  type ProofSettings,
  planRetention,
  proveRetention,
} from './prove-retention.ts'
import { retentionPayload } from './record.ts'
import { checkRoom, freeRoom } from './room.ts'
import { workFolder } from './work-folder.ts'

export interface RetentionSettings
  extends Pick<ProofSettings, 'trust' | 'pendingWindow' | 'before' | 'trimNotes' | 'trimClosed'> {
  /** Data folder: graphs that are made to compare lie there for the time of the run. */
  readonly data: string
  readonly clock: () => number
  readonly onProgress?: ProofSettings['onProgress']
}

/**
 * What would go now. Only reads the journal, also that of a collector that runs, and makes a graph of its
 * own from it.
 */
export async function previewRetention(settings: RetentionSettings): Promise<Plan> {
  using folder = workFolder(settings.data)
  return planRetention(await proofOf(settings, folder.path))
}

/**
 * Trims, in the place of the collector whose journal it is: proves first that everything that stays is
 * judged the same, then writes one record to the journal, from which on what it names is gone, then
 * takes that off the disk. Whatever graph was made before begins anew when it sees that record.
 *
 * @throws CollectorError `retention_refused` where something that stays would change; nothing is trimmed
 */
export async function runRetention(
  settings: RetentionSettings & { readonly journal: Journal },
): Promise<Plan> {
  const { journal, clock } = settings
  using folder = workFolder(settings.data)
  // Nobody else appends.
  const owner: Owner = {
    next: async () => ({ lastSeq: journal.lastSeq, last: true }),
    release() {},
    async commit({ record }) {
      const payload = retentionPayload(record)
      await journal.append({ kind: 'retention', receivedAt: clock(), payload })
      return true
    },
  }
  checkRoom(settings.data, journal.stats.bytes, await freeRoom(settings.data))
  const plan = await proveRetention(await proofOf(settings, folder.path), owner)
  await journal.compact()
  return plan
}

async function proofOf(settings: RetentionSettings, folder: string): Promise<ProofSettings> {
  const { data, clock, onProgress = () => {} } = settings
  const view = await openJournalView(join(data, 'journal'))
  const holds = (await pendingHolds(data)).flatMap(({ what, target }) =>
    what === undefined || target === undefined ? [] : [{ what, target }],
  )
  return { ...settings, view, folder, holds, now: clock(), share: 1, onProgress }
}
