import { nodeFileSystem } from './file-system.ts'
import { type Found, type Place, readSegments } from './read-segments.ts'
import type { JournalRecord } from './record.ts'
import { scanSegment } from './scan.ts'
import { listSegments, type Segment } from './segment.ts'
import { Trimmed } from './trimmed.ts'

/** A journal as somebody sees it who only reads, while a collector may append to it and trim it. */
export interface JournalView {
  /** Sequence number of the last record that is looked at. */
  readonly lastSeq: number
  /** Sequence numbers of the retention records up to there. */
  readonly retentions: readonly number[]
  /** Records from a number on up to the last one, without those that are trimmed. */
  read(fromSeq: number): AsyncGenerator<JournalRecord>
  /** Looks up to this record from now on. */
  extend(lastSeq: number): void
}

/**
 * Opens a view without a lock. Trimmed is what the retention records name that are there now: what is
 * trimmed later is read on by some and not by others.
 *
 * @param lastSeq the last record to be looked at; where absent, the last that is there now
 * @throws JournalError `journal_unreadable`
 */
export async function openJournalView(dir: string, lastSeq?: number): Promise<JournalView> {
  const trimmed = new Trimmed()
  const retentions: number[] = []
  let until = 0
  for await (const { record } of found(dir, 1, lastSeq ?? Number.MAX_SAFE_INTEGER)) {
    until = record.seq
    if (record.kind !== 'retention') continue
    trimmed.add(record)
    retentions.push(record.seq)
  }
  until = lastSeq ?? until
  let place: Place | undefined
  return {
    get lastSeq() {
      return until
    },
    retentions,
    async *read(fromSeq) {
      const known = place?.after === fromSeq - 1 ? place : undefined
      for await (const { record, place: behind } of found(dir, fromSeq, until, known)) {
        place = behind
        if (!trimmed.has(record.seq)) yield record
      }
    },
    extend(to) {
      until = to
    },
  }
}

/**
 * The records of a journal that a collector may be writing to: only reads, and takes no lock. What is
 * appended while it runs is not among them; what was trimmed is not. Nothing for a folder that is not
 * there.
 *
 * @throws JournalError `journal_unreadable`
 */
export async function* readJournal(dir: string): AsyncGenerator<JournalRecord> {
  yield* (await openJournalView(dir)).read(1)
}

/** All records behind this one, what is trimmed among them not left out. */
export async function* recordsBehind(dir: string, seq: number): AsyncGenerator<JournalRecord> {
  for await (const { record } of found(dir, seq + 1, Number.MAX_SAFE_INTEGER)) yield record
}

/** The number of its newest record, and when the newest was received; undefined for one that is empty. */
export async function newestRecord(
  dir: string,
): Promise<{ readonly seq: number; readonly receivedAt: number } | undefined> {
  for (const segment of (await segmentsIn(dir)).reverse()) {
    let [seq, receivedAt] = [0, 0]
    for await (const { record } of found(dir, segment.first, Number.MAX_SAFE_INTEGER)) {
      seq = record.seq
      receivedAt = Math.max(receivedAt, record.receivedAt)
    }
    if (seq > 0) return { seq, receivedAt }
  }
  return undefined
}

/** When evidence was trimmed last, epoch milliseconds; undefined where none was. */
export async function newestTrimTime(dir: string): Promise<number | undefined> {
  let newest: number | undefined
  for await (const { record } of found(dir, 1, Number.MAX_SAFE_INTEGER)) {
    if (record.kind === 'retention') newest = Math.max(newest ?? 0, record.receivedAt)
  }
  return newest
}

/** What is in the newest files of a journal, read through. */
export interface JournalLook {
  readonly segments: number
  /** How many of them were read. */
  readonly looked: number
  readonly records: number
  /** Bytes that are no record; of a journal that is being written to, perhaps one that is half there. */
  readonly damaged: number
}

/** @throws JournalError `journal_unreadable` */
export async function inspectJournal(dir: string, newest: number): Promise<JournalLook> {
  const segments = await segmentsIn(dir)
  const from = Math.max(0, segments.length - newest)
  let records = 0
  let damaged = 0
  for (const [i, segment] of segments.entries()) {
    if (i < from) continue
    const range = { from: 0, after: 0, before: segments[i + 1]?.first }
    const scan = scanSegment(nodeFileSystem, segment, range, ({ from: start, to }) => {
      damaged += to - start
    })
    try {
      for await (const _ of scan) records += 1
    } catch (error) {
      // Another file took its place, or nothing was left of it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return { segments: segments.length, looked: segments.length - from, records, damaged }
}

async function* found(
  dir: string,
  from: number,
  until: number,
  place?: Place,
): AsyncGenerator<Found> {
  const segments = await segmentsIn(dir)
  const current = async (first: number): Promise<Segment | undefined> =>
    (await segmentsIn(dir)).find((segment) => segment.first === first)
  yield* readSegments({ fs: nodeFileSystem, segments, current }, from, until, place)
}

/** One for each beginning: while a file is replaced both are there, and each is whole. */
async function segmentsIn(dir: string): Promise<Segment[]> {
  try {
    const all = await listSegments(nodeFileSystem, dir)
    return all.filter(({ first }, i) => first !== all[i - 1]?.first)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
