import { join } from 'node:path'
import type { JournalFileSystem } from './file-system.ts'
import { decodeRecordAt, type JournalRecord, MAGIC } from './record.ts'

/** A segment's file name carries the sequence number of its first record. */
export function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(16, '0')}.journal`
}

const NAME = /^(\d{16})\.journal$/

/** First sequence numbers of the segments in a folder, ascending. */
export async function listSegments(fs: JournalFileSystem, dir: string): Promise<number[]> {
  const names = await fs.list(dir)
  return names
    .flatMap((name) => {
      const match = NAME.exec(name)
      return match === null ? [] : [Number(match[1])]
    })
    .sort((a, b) => a - b)
}

/** Bytes that are no record: a torn tail, or damage. They stay where they are. */
export interface Quarantined {
  readonly segment: number
  readonly from: number
  readonly to: number
}

export interface Scanned {
  readonly record: JournalRecord
  /** Where the next record begins. */
  readonly next: number
}

const CHUNK = 4 * 1024 * 1024

/**
 * Reads the records of one segment from an offset on, skipping what is damaged: behind a record that
 * does not fit its checksum the next magic is looked for, and a record counts only if its sequence
 * number follows. The tail of the newest segment may still be growing.
 *
 * @param after records up to this sequence number are not wanted; later ones must be greater
 */
export async function* scanSegment(
  fs: JournalFileSystem,
  dir: string,
  segment: number,
  from: number,
  after: number,
  onDamage: (range: Quarantined) => void,
): AsyncGenerator<Scanned> {
  const file = await fs.openToRead(join(dir, segmentName(segment)))
  try {
    let bytes: Buffer = Buffer.alloc(0)
    let start = from
    let offset = 0
    let last = after
    let damagedFrom: number | undefined
    let atEnd = false
    const report = (to: number): void => {
      if (damagedFrom !== undefined) onDamage({ segment, from: damagedFrom, to })
      damagedFrom = undefined
    }
    for (;;) {
      const decoded = decodeRecordAt(bytes, offset)
      if ('record' in decoded && decoded.record.seq > last) {
        report(start + offset)
        offset += decoded.size
        last = decoded.record.seq
        yield { record: decoded.record, next: start + offset }
        continue
      }
      if ('short' in decoded && !atEnd) {
        // More of the file, at least as much again as is left, so that any record fits at last.
        const left = bytes.subarray(offset)
        start += offset
        offset = 0
        const more = await file.read(start + left.length, Math.max(CHUNK, left.length))
        atEnd = more.length === 0
        bytes = Buffer.concat([left, more])
        continue
      }
      if ('short' in decoded && offset >= bytes.length) {
        report(start + offset)
        return
      }
      // Damaged, out of order, or torn: look for the next beginning.
      damagedFrom ??= start + offset
      const found = bytes.indexOf(MAGIC, offset + 1)
      if (found !== -1) offset = found
      else if (atEnd) offset = bytes.length
      else {
        // The magic may lie across the border of two reads.
        const keep = Math.max(offset + 1, bytes.length - MAGIC.length + 1)
        start += keep
        const left = bytes.subarray(keep)
        const more = await file.read(start + left.length, CHUNK)
        atEnd = more.length === 0
        bytes = Buffer.concat([left, more])
        offset = 0
        const next = bytes.indexOf(MAGIC)
        if (next > 0) offset = next
        else if (next === -1 && atEnd) offset = bytes.length
      }
    }
  } finally {
    await file.close()
  }
}
