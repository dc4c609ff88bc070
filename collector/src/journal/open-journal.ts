import { withoutCopies } from './compact.ts'
import { JournalError } from './errors.ts'
import { nodeFileSystem } from './file-system.ts'
import type { Journal, JournalSettings } from './journal.ts'
import { lockJournal } from './lock.ts'
import { type Quarantined, scanSegment } from './scan.ts'
import { listSegments } from './segment.ts'
import { SegmentJournal } from './segment-journal.ts'
import { Trimmed } from './trimmed.ts'

/**
 * Opens a journal and reads it through once: damage is counted and left in place, and writing goes on
 * in a new segment behind it, so that no acknowledged record is ever overwritten.
 *
 * @throws JournalError `journal_locked`, `journal_unreadable`, `journal_unwritable`
 */
export async function openJournal(settings: JournalSettings): Promise<Journal> {
  const fs = settings.fs ?? nodeFileSystem
  const { dir } = settings
  await fs.makeFolder(dir)
  const lock = lockJournal(dir)
  try {
    const segments = await withoutCopies(fs, dir, await listSegments(fs, dir))
    // A process that was killed may have written what it never synced. What is read here counts as
    // durable from now on: the graph is going to say that it holds it.
    for (const { path } of segments) await fs.syncFile(path)
    await fs.syncFolder(dir)
    const quarantined: Quarantined[] = []
    let records = 0
    let bytes = 0
    let lastSeq = 0
    const trimmed = new Trimmed()
    const retentions: number[] = []
    for (const [i, segment] of segments.entries()) {
      const range = { from: 0, after: 0, before: segments[i + 1]?.first }
      const scan = scanSegment(fs, segment, range, (damage) => quarantined.push(damage))
      for await (const { record, size } of scan) {
        records += 1
        bytes += size
        lastSeq = record.seq
        if (record.kind !== 'retention') continue
        trimmed.add(record)
        retentions.push(record.seq)
      }
    }
    return new SegmentJournal(fs, settings, lock, {
      segments,
      quarantined,
      records,
      bytes,
      lastSeq,
      trimmed,
      retentions,
    })
  } catch (cause) {
    lock[Symbol.dispose]()
    if (cause instanceof JournalError) throw cause
    throw new JournalError('journal_unreadable', `the journal in ${dir} cannot be read`, { cause })
  }
}
