import { setImmediate as turn } from 'node:timers/promises'
import type { AppendFile, JournalFileSystem } from './file-system.ts'
import { encodeRecord } from './record.ts'
import { scanSegment } from './scan.ts'
import { newSegment, PART, type Segment } from './segment.ts'
import type { Trimmed } from './trimmed.ts'

/** What a segment is to become: another file, or none; and what it loses. */
export interface Compacted {
  readonly segment: Segment | undefined
  readonly records: number
  readonly bytes: number
}

/** Bytes that are written at once. */
const PORTION = 1024 * 1024

/**
 * Writes a segment anew without its trimmed records and makes that durable. The old file stays, for
 * whoever reads it, until it is removed: both are whole at any moment, since the new one gets its name
 * when it is. What is damaged is not copied. Undefined where nothing is trimmed.
 */
export async function compactSegment(
  fs: JournalFileSystem,
  dir: string,
  segment: Segment,
  before: number | undefined,
  trimmed: Trimmed,
): Promise<Compacted | undefined> {
  if (!trimmed.touches(segment.first, (before ?? Number.MAX_SAFE_INTEGER) - 1)) return undefined
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
  if (kept === 0) return { segment: undefined, records, bytes }
  const next = newSegment(dir, segment.first)
  const part = `${next.path}${PART}`
  try {
    const file = await fs.create(part)
    try {
      await copy(fs, segment, before, trimmed, file, next.mark)
      await file.sync()
    } finally {
      await file.close()
    }
    await fs.rename(part, next.path)
    await fs.syncFolder(dir)
  } catch (error) {
    // It would go at the next start; a full disk cannot wait for that.
    for (const path of [part, next.path]) await fs.remove(path).catch(() => {})
    throw error
  }
  return { segment: next, records, bytes }
}

async function copy(
  fs: JournalFileSystem,
  segment: Segment,
  before: number | undefined,
  trimmed: Trimmed,
  file: AppendFile,
  mark: Buffer,
): Promise<void> {
  let parts: Buffer[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    if (parts.length > 0) await file.append(parts)
    parts = []
    size = 0
    // Others want to be answered too.
    await turn()
  }
  for await (const { record, size: own } of scan(fs, segment, before)) {
    if (trimmed.has(record.seq)) continue
    parts.push(...encodeRecord(record, mark))
    size += own
    if (size >= PORTION) await flush()
  }
  await flush()
}

/**
 * What a stop in the middle of a compaction left: beginnings of copies go, and of two files with one
 * beginning the one with more records stays. Either is whole; what it still has of the trimmed is not
 * read.
 */
export async function withoutCopies(
  fs: JournalFileSystem,
  dir: string,
  segments: readonly Segment[],
): Promise<Segment[]> {
  const gone = (await fs.list(dir)).filter((name) => name.endsWith(PART))
  for (const name of gone) await fs.remove(`${dir}/${name}`)
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
