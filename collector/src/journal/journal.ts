import type { JournalFileSystem } from './file-system.ts'
import type { JournalRecord, RecordKind } from './record.ts'
import type { Quarantined } from './scan.ts'

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
