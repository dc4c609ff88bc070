import { nodeFileSystem } from './file-system.ts'
import type { JournalRecord } from './record.ts'
import { scanSegment } from './scan.ts'
import { listSegments, type Segment } from './segment.ts'
import { Trimmed } from './trimmed.ts'

/**
 * The records of a journal that a collector may be writing to: only reads, and takes no lock. What is
 * appended while it runs may or may not be among them; what was trimmed is not. Nothing for a folder
 * that is not there.
 *
 * @throws JournalError `journal_unreadable`
 */
export async function* readJournal(dir: string): AsyncGenerator<JournalRecord> {
  const trimmed = new Trimmed()
  for await (const record of allRecords(dir)) if (record.kind === 'retention') trimmed.add(record)
  for await (const record of allRecords(dir)) if (!trimmed.has(record.seq)) yield record
}

/** When its newest record was received, epoch milliseconds; undefined for one that is empty. */
export async function newestRecordTime(dir: string): Promise<number | undefined> {
  for (const segment of (await segmentsIn(dir)).reverse()) {
    let newest: number | undefined
    for await (const { receivedAt } of recordsIn(segment)) {
      newest = Math.max(newest ?? 0, receivedAt)
    }
    if (newest !== undefined) return newest
  }
  return undefined
}

/** When evidence was trimmed last, epoch milliseconds; undefined where none was. */
export async function newestTrimTime(dir: string): Promise<number | undefined> {
  let newest: number | undefined
  for await (const { kind, receivedAt } of allRecords(dir))
    if (kind === 'retention') newest = Math.max(newest ?? 0, receivedAt)
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
    for await (const _ of scan) records += 1
  }
  return { segments: segments.length, looked: segments.length - from, records, damaged }
}

async function* allRecords(dir: string): AsyncGenerator<JournalRecord> {
  const segments = await segmentsIn(dir)
  for (const [i, segment] of segments.entries()) yield* recordsIn(segment, segments[i + 1]?.first)
}

async function segmentsIn(dir: string): Promise<Segment[]> {
  try {
    return await listSegments(nodeFileSystem, dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function* recordsIn(segment: Segment, before?: number): AsyncGenerator<JournalRecord> {
  const range = { from: 0, after: 0, before }
  for await (const { record } of scanSegment(nodeFileSystem, segment, range, () => {})) yield record
}
