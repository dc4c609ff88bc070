import { compactSegment, withoutCopies } from './compact.ts'
import { JournalError } from './errors.ts'
import { type AppendFile, type JournalFileSystem, nodeFileSystem } from './file-system.ts'
import { lockJournal } from './lock.ts'
import { checkRecord, encodeRecord, type JournalRecord, type RecordKind } from './record.ts'
import { type Quarantined, scanSegment } from './scan.ts'
import { listSegments, newSegment, type Segment } from './segment.ts'
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
   * Takes what retention records name off the disk, file by file. May be stopped at any moment and
   * called again. Not while somebody reads.
   */
  compact(): Promise<void>
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

const SEGMENT_BYTES = 64 * 1024 * 1024

interface Waiting {
  readonly record: JournalRecord
  resolve(value: { seq: number }): void
  reject(error: unknown): void
}

class SegmentJournal implements Journal {
  readonly #fs: JournalFileSystem
  readonly #dir: string
  readonly #segmentBytes: number
  readonly #lock: Disposable
  readonly #segments: Segment[]
  readonly #quarantined: readonly Quarantined[]
  readonly #listeners: (() => void)[] = []
  readonly #trimmed: Trimmed
  readonly #retentions: number[]
  #records: number
  #bytes: number
  #lastSeq: number
  #nextSeq: number
  #syncs = 0
  #failing = false
  #writing: Writing | undefined
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #closed: Promise<void> | undefined
  /** Behind the record read last: the next reader usually goes on from there. */
  #place: { readonly segment: Segment; readonly from: number; readonly after: number } | undefined

  constructor(
    fs: JournalFileSystem,
    settings: JournalSettings,
    lock: Disposable,
    found: {
      readonly segments: Segment[]
      readonly quarantined: readonly Quarantined[]
      readonly records: number
      readonly bytes: number
      readonly lastSeq: number
      readonly trimmed: Trimmed
      readonly retentions: number[]
    },
  ) {
    this.#fs = fs
    this.#dir = settings.dir
    this.#segmentBytes = settings.segmentBytes ?? SEGMENT_BYTES
    this.#lock = lock
    this.#segments = found.segments
    this.#quarantined = found.quarantined
    this.#records = found.records
    this.#bytes = found.bytes
    this.#lastSeq = found.lastSeq
    this.#trimmed = found.trimmed
    this.#retentions = found.retentions
    // Behind the name of every segment, also of one whose records are all damaged.
    this.#nextSeq = Math.max(found.lastSeq, found.segments.at(-1)?.first ?? 0) + 1
  }

  get lastSeq(): number {
    return this.#lastSeq
  }

  get retentions(): readonly number[] {
    return this.#retentions
  }

  get stats(): JournalStats {
    return {
      records: this.#records,
      bytes: this.#bytes,
      segments: this.#segments.length,
      quarantined: this.#quarantined,
      syncs: this.#syncs,
      failing: this.#failing,
    }
  }

  async append(input: NewRecord): Promise<{ readonly seq: number }> {
    if (this.#closed !== undefined) {
      throw new JournalError('journal_unwritable', 'the journal is closed')
    }
    const seq = this.#nextSeq
    const record = { tenant: 'default', contentType: '', contentEncoding: '', ...input, seq }
    checkRecord(record)
    this.#nextSeq += 1
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  async *read(fromSeq: number): AsyncIterable<JournalRecord> {
    const until = this.#lastSeq
    const segments = [...this.#segments]
    let after = fromSeq - 1
    const place = this.#place?.after === after ? this.#place : undefined
    for (const [i, segment] of segments.entries()) {
      const before = segments[i + 1]?.first
      if (segment.first > until) return
      if (before !== undefined && before <= fromSeq) continue
      const start = segment === place?.segment ? place : { from: 0, after: 0 }
      const scan = scanSegment(this.#fs, segment, { ...start, before }, () => {})
      for await (const { record, next } of scan) {
        if (record.seq <= after) continue
        if (record.seq > until) return
        after = record.seq
        this.#place = { segment, from: next, after }
        if (!this.#trimmed.has(record.seq)) yield record
      }
    }
  }

  onAppend(listener: () => void): void {
    this.#listeners.push(listener)
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.#flushing
    await this.#writing?.file.close()
    this.#lock[Symbol.dispose]()
  }

  async compact(): Promise<void> {
    this.#place = undefined
    await this.#flushing
    // What is being written is ended; the next record begins a new file.
    await this.#writing?.file.close()
    this.#writing = undefined
    for (const segment of [...this.#segments]) {
      const before = this.#segments[this.#segments.indexOf(segment) + 1]?.first
      const result = await compactSegment(this.#fs, this.#dir, segment, before, this.#trimmed)
      if (result === undefined) continue
      const put = result.segment === undefined ? [] : [result.segment]
      this.#segments.splice(this.#segments.indexOf(segment), 1, ...put)
      this.#records -= result.records
      this.#bytes -= result.bytes
    }
  }

  /** Writes what waits, group by group: each group is one write and one sync. */
  async #flush(): Promise<void> {
    // What is appended in this turn of the event loop belongs to the first group.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#writeGroup(group)
        this.#failing = false
      } catch (cause) {
        this.#failing = true
        await this.#abandonSegment()
        const error = new JournalError('journal_unwritable', 'the journal cannot be written', {
          cause,
        })
        for (const { reject } of group) reject(error)
        continue
      }
      for (const { record, resolve } of group) resolve({ seq: record.seq })
      // Away from here: what a listener does wrong must not look like a failing disk.
      for (const listener of this.#listeners) queueMicrotask(listener)
    }
    this.#flushing = undefined
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const writing = await this.#segmentFor(group[0]?.record.seq ?? 0)
    const parts = group.flatMap(({ record }) => encodeRecord(record, writing.segment.mark))
    await writing.file.append(parts)
    await writing.file.sync()
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    writing.size += size
    this.#syncs += 1
    this.#bytes += size
    this.#records += group.length
    this.#lastSeq = group.at(-1)?.record.seq ?? this.#lastSeq
    for (const { record } of group) {
      if (record.kind !== 'retention') continue
      this.#trimmed.add(record)
      this.#retentions.push(record.seq)
    }
  }

  async #segmentFor(seq: number): Promise<Writing> {
    if (this.#writing !== undefined && this.#writing.size < this.#segmentBytes) return this.#writing
    await this.#writing?.file.close()
    this.#writing = undefined
    const segment = newSegment(this.#dir, seq)
    const file = await this.#fs.create(segment.path)
    this.#writing = { segment, file, size: 0 }
    this.#segments.push(segment)
    // A name that is not durable would lose the whole segment in a power cut.
    await this.#fs.syncFolder(this.#dir)
    return this.#writing
  }

  /**
   * After a failed write or sync nobody knows what is on the disk: the segment is never used again. One
   * in which nothing was acknowledged goes, or a full disk would collect a file for every attempt.
   */
  async #abandonSegment(): Promise<void> {
    const writing = this.#writing
    this.#writing = undefined
    if (writing === undefined) return
    try {
      await writing.file.close()
    } catch {
      // It is being given up.
    }
    if (writing.size > 0) return
    try {
      await this.#fs.remove(writing.segment.path)
      this.#segments.splice(this.#segments.indexOf(writing.segment), 1)
    } catch {
      // It stays, and is read like any other.
    }
  }
}

/** The segment that is being written. */
interface Writing {
  readonly segment: Segment
  readonly file: AppendFile
  /** Bytes of acknowledged records. */
  size: number
}
