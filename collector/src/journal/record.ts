import { crc32 } from 'node:zlib'

/**
 * One record of the journal on disk, little endian:
 *
 *   magic 4 · sequence 8 · kind 1 · received (ms) 8 · lengths of tenant, type, encoding 1+1+1 ·
 *   payload length 4 · tenant · content type · content encoding · payload · CRC-32 4
 *
 * The checksum covers everything before it. The magic lets a reader find the next record behind a
 * damaged one; a payload that contains it is no danger, since length and checksum must fit as well.
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
} as const
export type RecordKind = keyof typeof RECORD_KINDS | 'unknown'

const KIND_OF = new Map<number, RecordKind>(
  Object.entries(RECORD_KINDS).map(([name, number]) => [number, name as RecordKind]),
)

export const MAGIC = Buffer.from([0xd1, 0xe6, 0x4a, 0x01])
const HEADER = 28
const TRAILER = 4
/** Larger than any body that is accepted. */
const MAX_PAYLOAD = 128 * 1024 * 1024

export function encodeRecord(record: JournalRecord): Buffer[] {
  const names = [record.tenant, record.contentType, record.contentEncoding].map((text) => {
    const bytes = Buffer.from(text, 'utf8')
    return bytes.length > 255 ? bytes.subarray(0, 255) : bytes
  })
  const header = Buffer.alloc(HEADER + names.reduce((sum, name) => sum + name.length, 0))
  MAGIC.copy(header)
  header.writeBigUInt64LE(BigInt(record.seq), 4)
  header.writeUInt8(record.kind === 'unknown' ? 0 : RECORD_KINDS[record.kind], 12)
  header.writeBigUInt64LE(BigInt(record.receivedAt), 13)
  names.forEach((name, i) => {
    header.writeUInt8(name.length, 21 + i)
  })
  header.writeUInt32LE(record.payload.length, 24)
  let at = HEADER
  for (const name of names) at += name.copy(header, at)
  const trailer = Buffer.alloc(TRAILER)
  trailer.writeUInt32LE(crc32(record.payload, crc32(header)))
  const payload = Buffer.from(
    record.payload.buffer,
    record.payload.byteOffset,
    record.payload.length,
  )
  return [header, payload, trailer]
}

export type Decoded =
  | { readonly record: JournalRecord; readonly size: number }
  /** The bytes end before the record does: more is needed, or the tail is torn. */
  | { readonly short: true }
  | { readonly damaged: true }

/** Reads the record that begins at `offset`. */
export function decodeRecordAt(bytes: Buffer, offset: number): Decoded {
  const left = bytes.length - offset
  if (left < HEADER) return { short: true }
  if (bytes.compare(MAGIC, 0, 4, offset, offset + 4) !== 0) return { damaged: true }
  const lengths = [0, 1, 2].map((i) => bytes.readUInt8(offset + 21 + i))
  const payloadLength = bytes.readUInt32LE(offset + 24)
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
      seq: Number(bytes.readBigUInt64LE(offset + 4)),
      kind: KIND_OF.get(bytes.readUInt8(offset + 12)) ?? 'unknown',
      receivedAt: Number(bytes.readBigUInt64LE(offset + 13)),
      tenant,
      contentType,
      contentEncoding,
      payload: bytes.subarray(offset + body, end),
    },
  }
}
