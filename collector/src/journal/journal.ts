import { join } from 'node:path'
import { JournalError } from './errors.ts'
import { type AppendFile, type JournalFileSystem, nodeFileSystem } from './file-system.ts'
import { lockJournal } from './lock.ts'
import { encodeRecord, type JournalRecord, type RecordKind } from './record.ts'
import { listSegments, type Quarantined, scanSegment, segmentName } from './segment.ts'

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
  readonly segments: number
  /** Byte ranges that are no record, found when the journal was opened. */
  readonly quarantined: readonly Quarantined[]
  readonly syncs: number
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
   * @throws JournalError `journal_unwritable`: nothing is acknowledged, a later append may succeed
   */
  append(record: NewRecord): Promise<{ readonly seq: number }>
  /** Durable records from a sequence number on, up to the newest when it was called. */
  read(fromSeq: number): AsyncIterable<JournalRecord>
  /** Calls back after each group of appends has become durable. */
  onAppend(listener: () => void): void
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
    const segments = await listSegments(fs, dir)
    const quarantined: Quarantined[] = []
    let records = 0
    let lastSeq = 0
    for (const segment of segments) {
      const scan = scanSegment(fs, dir, segment, 0, lastSeq, (range) => quarantined.push(range))
      for await (const { record } of scan) {
        records += 1
        lastSeq = record.seq
      }
    }
    return new SegmentJournal(fs, settings, lock, { segments, quarantined, records, lastSeq })
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
  readonly #segments: number[]
  readonly #quarantined: readonly Quarantined[]
  readonly #listeners: (() => void)[] = []
  #records: number
  #lastSeq: number
  #nextSeq: number
  #syncs = 0
  #file: AppendFile | undefined
  #size = 0
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #closed = false
  /** Behind the record read last: the next reader usually goes on from there. */
  #place: { readonly segment: number; readonly offset: number; readonly seq: number } | undefined

  constructor(
    fs: JournalFileSystem,
    settings: JournalSettings,
    lock: Disposable,
    found: {
      readonly segments: number[]
      readonly quarantined: readonly Quarantined[]
      readonly records: number
      readonly lastSeq: number
    },
  ) {
    this.#fs = fs
    this.#dir = settings.dir
    this.#segmentBytes = settings.segmentBytes ?? SEGMENT_BYTES
    this.#lock = lock
    this.#segments = found.segments
    this.#quarantined = found.quarantined
    this.#records = found.records
    this.#lastSeq = found.lastSeq
    // Behind the name of every segment, also of one whose records are all damaged.
    this.#nextSeq = Math.max(found.lastSeq, found.segments.at(-1) ?? 0) + 1
  }

  get lastSeq(): number {
    return this.#lastSeq
  }

  get stats(): JournalStats {
    return {
      records: this.#records,
      segments: this.#segments.length,
      quarantined: this.#quarantined,
      syncs: this.#syncs,
    }
  }

  append(record: NewRecord): Promise<{ readonly seq: number }> {
    if (this.#closed) {
      return Promise.reject(new JournalError('journal_unwritable', 'the journal is closed'))
    }
    const seq = this.#nextSeq
    this.#nextSeq += 1
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        record: { tenant: 'default', contentType: '', contentEncoding: '', ...record, seq },
        resolve,
        reject,
      })
      this.#flushing ??= this.#flush()
    })
  }

  async *read(fromSeq: number): AsyncIterable<JournalRecord> {
    const until = this.#lastSeq
    let after = fromSeq - 1
    const known = this.#place?.seq === after ? this.#place : undefined
    const first = this.#segments.findLastIndex((segment) => segment <= fromSeq)
    const start = known?.segment ?? this.#segments[Math.max(0, first)] ?? 0
    for (const segment of this.#segments.filter((candidate) => candidate >= start)) {
      const here = segment === known?.segment ? known : { offset: 0, seq: 0 }
      const scan = scanSegment(this.#fs, this.#dir, segment, here.offset, here.seq, () => {})
      for await (const { record, next } of scan) {
        if (record.seq <= after) continue
        if (record.seq > until) return
        after = record.seq
        this.#place = { segment, offset: next, seq: after }
        yield record
      }
    }
  }

  onAppend(listener: () => void): void {
    this.#listeners.push(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#flushing
    await this.#file?.close()
    this.#lock[Symbol.dispose]()
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
        for (const { record, resolve } of group) resolve({ seq: record.seq })
        for (const listener of this.#listeners) listener()
      } catch (cause) {
        await this.#abandonSegment()
        const error = new JournalError('journal_unwritable', 'the journal cannot be written', {
          cause,
        })
        for (const { reject } of group) reject(error)
      }
    }
    this.#flushing = undefined
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const first = group[0]?.record.seq ?? 0
    const file = await this.#segmentFor(first)
    const parts = group.flatMap(({ record }) => encodeRecord(record))
    await file.append(parts)
    await file.sync()
    this.#syncs += 1
    this.#size += parts.reduce((sum, part) => sum + part.length, 0)
    this.#records += group.length
    this.#lastSeq = group.at(-1)?.record.seq ?? this.#lastSeq
  }

  async #segmentFor(seq: number): Promise<AppendFile> {
    if (this.#file !== undefined && this.#size < this.#segmentBytes) return this.#file
    await this.#file?.close()
    this.#file = undefined
    const file = await this.#fs.openToAppend(join(this.#dir, segmentName(seq)))
    // A name that is not durable would lose the whole segment in a power cut.
    await this.#fs.syncFolder(this.#dir)
    this.#file = file
    this.#size = file.size
    this.#segments.push(seq)
    return file
  }

  /** After a failed write or sync nobody knows what is on the disk: the segment is never used again. */
  async #abandonSegment(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    try {
      await file?.close()
    } catch {
      // It is being given up.
    }
  }
}
