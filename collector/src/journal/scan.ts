import type { JournalFileSystem } from './file-system.ts'
import { decodeRecordAt, type JournalRecord, MARK_LENGTH } from './record.ts'
import type { Segment } from './segment.ts'

/** Bytes that are no record: a torn tail, or damage. They stay where they are. */
export interface Quarantined {
  /** First sequence number of the segment. */
  readonly segment: number
  readonly from: number
  readonly to: number
}

export interface Scanned {
  readonly record: JournalRecord
  /** Bytes on disk. */
  readonly size: number
  /** Where the next record begins. */
  readonly next: number
}

export interface ScanRange {
  /** Offset of a record, 0 for the whole segment. */
  readonly from: number
  /** Records up to this sequence number lie before `from`. */
  readonly after: number
  /** First sequence number of the segment behind this one, where there is one. */
  readonly before: number | undefined
}

const CHUNK = 4 * 1024 * 1024

/**
 * Reads the records of one segment, skipping what is damaged: behind a record that does not fit its
 * checksum the next mark is looked for. A record counts only if its sequence number lies between its
 * neighbours', so opening and reading later come to the same records. The tail of the newest segment
 * may still be growing. Holds one chunk in memory, or one record where that is larger.
 */
export async function* scanSegment(
  fs: JournalFileSystem,
  segment: Segment,
  range: ScanRange,
  onDamage: (range: Quarantined) => void,
): AsyncGenerator<Scanned> {
  const { mark } = segment
  const before = range.before ?? Number.MAX_SAFE_INTEGER
  const file = await fs.openToRead(segment.path)
  try {
    let bytes: Buffer = Buffer.alloc(0)
    let start = range.from
    let offset = 0
    let last = Math.max(range.after, segment.first - 1)
    let damagedFrom: number | undefined
    let atEnd = false
    /** Forgets what lies before `from` and reads on. */
    const readOn = async (from: number): Promise<void> => {
      const left = bytes.subarray(from)
      start += from
      offset = 0
      // At least as much again as is left, so that a large record is not copied over and over.
      const more = await file.read(start + left.length, Math.max(CHUNK, left.length))
      atEnd = more.length === 0
      bytes = Buffer.concat([left, more])
    }
    const report = (to: number): void => {
      if (damagedFrom !== undefined) onDamage({ segment: segment.first, from: damagedFrom, to })
      damagedFrom = undefined
    }
    for (;;) {
      const decoded = decodeRecordAt(bytes, offset, mark)
      if ('record' in decoded && decoded.record.seq > last && decoded.record.seq < before) {
        report(start + offset)
        offset += decoded.size
        last = decoded.record.seq
        yield { record: decoded.record, size: decoded.size, next: start + offset }
        continue
      }
      if ('short' in decoded && !atEnd) {
        await readOn(offset)
        continue
      }
      if (offset >= bytes.length) {
        report(start + offset)
        return
      }
      // Damaged, out of order, or torn: look for the next beginning.
      damagedFrom ??= start + offset
      offset += 1
      for (;;) {
        const found = bytes.indexOf(mark, offset)
        if (found !== -1) offset = found
        else if (atEnd) offset = bytes.length
        else {
          // The mark may lie across the border of two reads.
          await readOn(Math.max(offset, bytes.length - MARK_LENGTH + 1))
          continue
        }
        break
      }
    }
  } finally {
    await file.close()
  }
}
