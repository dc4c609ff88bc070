import { crc32 } from 'node:zlib'
import { JournalError } from './errors.ts'

/**
 * One record of the journal on disk, little endian:
 *
 *   mark 12 · sequence 8 · kind 1 · received (ms) 8 · lengths of tenant, type, encoding 1+1+1 ·
 *   payload length 4 · tenant · content type · content encoding · payload · CRC-32 4
 *
 * The checksum covers everything before it. The mark lets a reader find the next record behind a
 * damaged one. It is random in each segment: a sender who knew it could hide records of his own in a
 * body and have them read as ours once the record around them is torn.
 */
export interface JournalRecord {
  readonly seq: number
  readonly kind: RecordKind
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly tenant: string
  readonly contentType: string
  readonly contentEncoding: string
  readonly payload: Uint8Array
}

/** Record kinds by their number on disk. A number that is not listed is read as `unknown`. */
export const RECORD_KINDS = {
  'otlp-traces': 1,
  'otlp-logs': 2,
  registry: 3,
  'alert-delivered': 4,
  trust: 5,
  status: 6,
  triage: 7,
  case: 8,
  hold: 20,
  retention: 21,
} as const
export type RecordKind = keyof typeof RECORD_KINDS | 'unknown'

const KIND_OF = new Map<number, RecordKind>(
  Object.entries(RECORD_KINDS).map(([name, number]) => [number, name as RecordKind]),
)

export const MARK_LENGTH = 12
const HEADER = MARK_LENGTH + 24
const TRAILER = 4
/** Larger than any body that is accepted. */
const MAX_PAYLOAD = 128 * 1024 * 1024
const MAX_NAME = 255

/**
 * Refuses what could not be read again, before anything of it is on the disk.
 *
 * @throws JournalError `record_invalid`
 */
export function checkRecord(record: JournalRecord): void {
  const { receivedAt, tenant, contentType, contentEncoding, payload } = record
  if (payload.length > MAX_PAYLOAD) {
    throw new JournalError('record_invalid', `a payload of ${payload.length} bytes is too large`)
  }
  if (!Number.isSafeInteger(receivedAt) || receivedAt < 0) {
    throw new JournalError('record_invalid', 'the time of a record is not whole milliseconds')
  }
  // A name that is cut could become the name of somebody else.
  if ([tenant, contentType, contentEncoding].some((name) => Buffer.byteLength(name) > MAX_NAME)) {
    throw new JournalError('record_invalid', `a name is longer than ${MAX_NAME} bytes`)
  }
}

export function encodeRecord(record: JournalRecord, mark: Buffer): Buffer[] {
  const names = [record.tenant, record.contentType, record.contentEncoding].map((text) =>
    Buffer.from(text, 'utf8'),
  )
  const header = Buffer.alloc(HEADER + names.reduce((sum, name) => sum + name.length, 0))
  let at = mark.copy(header)
  at = header.writeBigUInt64LE(BigInt(record.seq), at)
  at = header.writeUInt8(record.kind === 'unknown' ? 0 : RECORD_KINDS[record.kind], at)
  at = header.writeBigUInt64LE(BigInt(record.receivedAt), at)
  for (const name of names) at = header.writeUInt8(name.length, at)
  at = header.writeUInt32LE(record.payload.length, at)
  for (const name of names) at += name.copy(header, at)
  const trailer = Buffer.alloc(TRAILER)
  trailer.writeUInt32LE(crc32(record.payload, crc32(header)))
  const { buffer, byteOffset, length } = record.payload
  return [header, Buffer.from(buffer, byteOffset, length), trailer]
}

export type Decoded =
  | { readonly record: JournalRecord; readonly size: number }
  /** The bytes end before the record does: more is needed, or the tail is torn. */
  | { readonly short: true }
  | { readonly damaged: true }

/** Reads the record that begins at `offset` of a segment with this mark. */
export function decodeRecordAt(bytes: Buffer, offset: number, mark: Buffer): Decoded {
  const left = bytes.length - offset
  if (left < HEADER) return { short: true }
  if (bytes.compare(mark, 0, MARK_LENGTH, offset, offset + MARK_LENGTH) !== 0) {
    return { damaged: true }
  }
  const fields = offset + MARK_LENGTH
  const lengths = [17, 18, 19].map((at) => bytes.readUInt8(fields + at))
  const payloadLength = bytes.readUInt32LE(fields + 20)
  if (payloadLength > MAX_PAYLOAD) return { damaged: true }
  const body = HEADER + lengths.reduce((sum, length) => sum + length, 0)
  const size = body + payloadLength + TRAILER
  if (left < size) return { short: true }
  const end = offset + size - TRAILER
  if (crc32(bytes.subarray(offset, end)) !== bytes.readUInt32LE(end)) return { damaged: true }
  let at = offset + HEADER
  const [tenant = '', contentType = '', contentEncoding = ''] = lengths.map((length) => {
    const text = bytes.toString('utf8', at, at + length)
    at += length
    return text
  })
  return {
    size,
    record: {
      seq: Number(bytes.readBigUInt64LE(fields)),
      kind: KIND_OF.get(bytes.readUInt8(fields + 8)) ?? 'unknown',
      receivedAt: Number(bytes.readBigUInt64LE(fields + 9)),
      tenant,
      contentType,
      contentEncoding,
      payload: bytes.subarray(offset + body, end),
    },
  }
}
