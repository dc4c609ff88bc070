import { withoutCopies } from './compact.ts'
import { JournalError } from './errors.ts'
import { type JournalFileSystem, nodeFileSystem } from './file-system.ts'
import { lockJournal } from './lock.ts'
import type { JournalRecord, RecordKind } from './record.ts'
import { type Quarantined, scanSegment } from './scan.ts'
import { listSegments } from './segment.ts'
import { SegmentJournal } from './segment-journal.ts'
import { Trimmed } from './trimmed.ts'

export interface NewRecord {
  readonly kind: Exclude<RecordKind, 'unknown'>
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly payload: Uint8Array
  readonly tenant?: string
  readonly contentType?: string
  readonly contentEncoding?: string
}

export interface JournalStats {
  readonly records: number
  /** Bytes of the records, without what is quarantined. */
  readonly bytes: number
  readonly segments: number
  /** Byte ranges that are no record, found when the journal was opened. */
  readonly quarantined: readonly Quarantined[]
  readonly syncs: number
  /** The last group of appends could not be made durable. */
  readonly failing: boolean
}

/** Everything that was acknowledged, in order, on disk. */
export interface Journal extends AsyncDisposable {
  /** Sequence number of the newest durable record; 0 for an empty journal. */
  readonly lastSeq: number
  readonly stats: JournalStats
  /**
   * Appends a record and resolves when it is on the disk. Appends that come while a sync is under way
   * share the next one.
   *
   * @throws JournalError `journal_unwritable`: nothing is acknowledged, a later append may succeed;
   *   `record_invalid` for a record that could not be read again
   */
  append(record: NewRecord): Promise<{ readonly seq: number }>
  /**
   * Appends what is decided on the sight of everything before it: from the moment that `decide` is told
   * of the newest record, whatever others append waits. Nothing is appended where it decides on nothing,
   * or throws.
   *
   * @throws JournalError as `append` does; what `decide` throws
   */
  appendNext(
    decide: (lastSeq: number) => Promise<NewRecord | undefined>,
  ): Promise<{ readonly seq: number } | undefined>
  /** Sequence numbers of the retention records, oldest first. */
  readonly retentions: readonly number[]
  /**
   * Durable records from a sequence number on, up to the newest when it was called; without those that a
   * retention record names.
   */
  read(fromSeq: number): AsyncIterable<JournalRecord>
  /** Calls back after each group of appends has become durable. The listener must not throw. */
  onAppend(listener: () => void): void
  /**
   * Takes what retention records name off the disk, file by file, while others read and append. May be
   * stopped at any moment and called again.
   */
  compact(signal?: AbortSignal): Promise<void>
}

export interface JournalSettings {
  readonly dir: string
  readonly fs?: JournalFileSystem
  /** A new segment begins beyond this size; 64 MiB where absent. */
  readonly segmentBytes?: number
}

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
