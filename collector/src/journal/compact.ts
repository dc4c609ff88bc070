import type { JournalFileSystem } from './file-system.ts'
import { encodeRecord } from './record.ts'
import { scanSegment } from './scan.ts'
import { newSegment, type Segment } from './segment.ts'
import type { Trimmed } from './trimmed.ts'

/** What a segment has become: another file, or none; and what it lost. */
export interface Compacted {
  readonly segment: Segment | undefined
  readonly records: number
  readonly bytes: number
}

/**
 * Writes a segment anew without its trimmed records, makes that durable, and removes the old file. What
 * is damaged in it goes with it only where something is trimmed. Undefined where nothing is.
 */
export async function compactSegment(
  fs: JournalFileSystem,
  dir: string,
  segment: Segment,
  before: number | undefined,
  trimmed: Trimmed,
): Promise<Compacted | undefined> {
  let records = 0
  let bytes = 0
  let kept = 0
  for await (const { record, size } of scan(fs, segment, before)) {
    if (!trimmed.has(record.seq)) kept += 1
    else {
      records += 1
      bytes += size
    }
  }
  if (records === 0) return undefined
  const next = kept === 0 ? undefined : newSegment(dir, segment.first)
  if (next !== undefined) {
    const file = await fs.create(next.path)
    try {
      for await (const { record } of scan(fs, segment, before)) {
        if (!trimmed.has(record.seq)) await file.append(encodeRecord(record, next.mark))
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await fs.syncFolder(dir)
  }
  await fs.remove(segment.path)
  await fs.syncFolder(dir)
  return { segment: next, records, bytes }
}

/**
 * One file for each beginning: a compaction that was stopped leaves two. The one with more records is
 * whole whichever it is, since the old one goes last; what it still has of the trimmed is not read.
 */
export async function withoutCopies(
  fs: JournalFileSystem,
  dir: string,
  segments: readonly Segment[],
): Promise<Segment[]> {
  const groups = [...Map.groupBy(segments, ({ first }) => first).values()]
  const kept: Segment[] = []
  for (const [i, group] of groups.entries()) {
    const before = groups[i + 1]?.[0]?.first
    const counted: { readonly segment: Segment; readonly count: number }[] = []
    for (const segment of group) {
      let count = 0
      if (group.length > 1) for await (const _ of scan(fs, segment, before)) count += 1
      counted.push({ segment, count })
    }
    const [best, ...others] = counted.sort((a, b) => b.count - a.count)
    if (best !== undefined) kept.push(best.segment)
    for (const { segment } of others) await fs.remove(segment.path)
    if (others.length > 0) await fs.syncFolder(dir)
  }
  return kept
}

function scan(fs: JournalFileSystem, segment: Segment, before: number | undefined) {
  return scanSegment(fs, segment, { from: 0, after: 0, before }, () => {})
}
