import { setImmediate as turn } from 'node:timers/promises'
import { compactSegment } from './compact.ts'
import { JournalError } from './errors.ts'
import type { AppendFile, JournalFileSystem } from './file-system.ts'
import type { Journal, JournalSettings, JournalStats, NewRecord } from './journal.ts'
import { type Place, readSegments } from './read-segments.ts'
import { checkRecord, encodeRecord, type JournalRecord } from './record.ts'
import type { Quarantined } from './scan.ts'
import { newSegment, type Segment } from './segment.ts'
import type { Trimmed } from './trimmed.ts'

const SEGMENT_BYTES = 64 * 1024 * 1024

interface Waiting {
  readonly record: JournalRecord
  resolve(value: { seq: number }): void
  reject(error: unknown): void
}

/** A journal whose files were read through. */
export class SegmentJournal implements Journal {
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
  /** Whoever appends waits for it. */
  #alone: Promise<unknown> | undefined
  /** Not to be written to any more. */
  #ended: Writing | undefined
  #compacting: Promise<void> = Promise.resolve()
  /** Files that others took the place of, and that are to be removed. */
  readonly #replaced = new Set<string>()
  /** Behind the record read last: the next reader usually goes on from there. */
  #place: Place | undefined

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
    while (this.#alone !== undefined) await this.#alone
    return this.#put(input)
  }

  async appendNext(
    decide: (lastSeq: number) => Promise<NewRecord | undefined>,
  ): Promise<{ readonly seq: number } | undefined> {
    while (this.#alone !== undefined) await this.#alone
    const work = async (): Promise<{ readonly seq: number } | undefined> => {
      await this.#flushing
      const record = await decide(this.#lastSeq)
      return record === undefined ? undefined : await this.#put(record)
    }
    const running = work()
    this.#alone = running
      .catch(() => {})
      .finally(() => {
        this.#alone = undefined
      })
    return running
  }

  #put(input: NewRecord): Promise<{ readonly seq: number }> {
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
    const source = {
      fs: this.#fs,
      segments: [...this.#segments],
      current: (first: number) => this.#segments.find((segment) => segment.first === first),
    }
    const known = this.#place?.after === fromSeq - 1 ? this.#place : undefined
    for await (const { record, place } of readSegments(source, fromSeq, this.#lastSeq, known)) {
      this.#place = place
      if (!this.#trimmed.has(record.seq)) yield record
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
    await this.#compacting.catch(() => {})
    await this.#flushing
    await this.#writing?.file.close()
    this.#lock[Symbol.dispose]()
  }

  compact(signal?: AbortSignal): Promise<void> {
    const after = this.#compacting.catch(() => {})
    this.#compacting = after.then(() => this.#compact(signal))
    return this.#compacting
  }

  async #compact(signal: AbortSignal | undefined): Promise<void> {
    await this.#removeReplaced()
    await this.#endSegment()
    for (const segment of [...this.#segments]) {
      if (signal?.aborted === true || this.#closed !== undefined) return
      if (segment === this.#writing?.segment) continue
      const before = this.#segments[this.#segments.indexOf(segment) + 1]?.first
      const result = await compactSegment(this.#fs, this.#dir, segment, before, this.#trimmed)
      if (result === undefined) continue
      // Readers find the new file from now on, and those that have the old one open keep it.
      const put = result.segment === undefined ? [] : [result.segment]
      this.#segments.splice(this.#segments.indexOf(segment), 1, ...put)
      this.#records -= result.records
      this.#bytes -= result.bytes
      this.#replaced.add(segment.path)
      await this.#removeReplaced()
    }
  }

  async #removeReplaced(): Promise<void> {
    for (const path of this.#replaced) {
      await this.#fs.remove(path)
      this.#replaced.delete(path)
      await this.#fs.syncFolder(this.#dir)
    }
  }

  /** What is being written is ended; the next record begins a new file. */
  async #endSegment(): Promise<void> {
    const ended = this.#writing
    if (ended === undefined) return
    this.#ended = ended
    while (this.#writing === ended && this.#flushing !== undefined) await turn()
    if (this.#writing !== ended) return
    this.#writing = undefined
    await ended.file.close()
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
    const writing = this.#writing
    const goesOn = writing !== this.#ended && (writing?.size ?? 0) < this.#segmentBytes
    if (writing !== undefined && goesOn) return writing
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
