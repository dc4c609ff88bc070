import { type JournalFileSystem, nodeFileSystem } from './file-system.ts'
import type { JournalRecord } from './record.ts'
import { scanSegment } from './scan.ts'
import { listSegments } from './segment.ts'

/**
 * The records of a journal that another process may be writing to, in order, up to where its newest
 * segment ends now. Takes no lock and writes nothing.
 *
 * @throws JournalError `journal_unreadable`
 */
export async function* readJournal(
  dir: string,
  fs: JournalFileSystem = nodeFileSystem,
): AsyncGenerator<JournalRecord> {
  const segments = await listSegments(fs, dir)
  for (const [i, segment] of segments.entries()) {
    const range = { from: 0, after: 0, before: segments[i + 1]?.first }
    for await (const { record } of scanSegment(fs, segment, range, () => {})) yield record
  }
}
