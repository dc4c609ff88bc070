import type { JournalFileSystem } from './file-system.ts'
import type { JournalRecord } from './record.ts'
import { type Scanned, scanSegment } from './scan.ts'
import type { Segment } from './segment.ts'

/** Behind a record that was read: whoever goes on from there need not look for it again. */
export interface Place {
  readonly segment: Segment
  readonly from: number
  readonly after: number
}

export interface SegmentSource {
  readonly fs: JournalFileSystem
  /** In order, one for each beginning. */
  readonly segments: readonly Segment[]
  /** The file that begins there now; undefined where nothing of it is left. */
  current(first: number): Segment | undefined | Promise<Segment | undefined>
}

export interface Found {
  readonly record: JournalRecord
  /** Bytes on disk. */
  readonly size: number
  readonly place: Place
}

/**
 * Records from one number to another, in order and each once, also while compaction puts other files in
 * the place of these: one that is open is read to its end, and one that is gone has a successor with the
 * same beginning, or nothing that is left.
 */
export async function* readSegments(
  source: SegmentSource,
  from: number,
  until: number,
  place?: Place,
): AsyncGenerator<Found> {
  let after = from - 1
  for (const [i, segment] of source.segments.entries()) {
    const before = source.segments[i + 1]?.first
    if (segment.first > until) return
    if (before !== undefined && before <= from) continue
    for await (const { scanned, file } of scanCurrent(source, segment, before, place)) {
      const { record, size, next } = scanned
      if (record.seq <= after) continue
      if (record.seq > until) return
      after = record.seq
      yield { record, size, place: { segment: file, from: next, after } }
    }
  }
}

/** How often a file may be replaced between its name and its opening. */
const TRIES = 5

async function* scanCurrent(
  source: SegmentSource,
  segment: Segment,
  before: number | undefined,
  place: Place | undefined,
): AsyncGenerator<{ readonly scanned: Scanned; readonly file: Segment }> {
  for (let tries = 1; ; tries += 1) {
    const file = tries === 1 ? segment : await source.current(segment.first)
    if (file === undefined) return
    const start = file.path === place?.segment.path ? place : { from: 0, after: 0 }
    try {
      const scan = scanSegment(source.fs, file, { ...start, before }, () => {})
      for await (const scanned of scan) yield { scanned, file }
      return
    } catch (error) {
      // Only opening it can say so: a file that is open stays whole.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === TRIES) throw error
    }
  }
}
