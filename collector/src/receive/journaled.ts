import { gunzipSync } from 'node:zlib'
import type { JournalRecord } from '../journal/index.ts'
import { decodeJson } from './decode/json.ts'
import { decodeProtobuf } from './decode/protobuf.ts'
import type {
  Decoded,
  DecodedItem,
  DecodedLog,
  DecodedSpan,
  Signal,
  Wanted,
} from './decode/types.ts'

const SIGNALS: Readonly<Record<string, Signal>> = { 'otlp-traces': 'traces', 'otlp-logs': 'logs' }

/** What a journal record holds of what is wanted; nothing for a record of another kind. */
export function decodeRecord(record: JournalRecord, wanted: Wanted): Decoded {
  const spans: DecodedSpan[] = []
  const logs: DecodedLog[] = []
  for (const item of decodeItems(record, wanted)) {
    if (item.kind === 'span') spans.push(item.span)
    else logs.push(item.log)
  }
  return { spans, logs }
}

/**
 * The same one at a time: a body that opens to 64 MiB may hold millions of spans, which are too many to
 * have in memory at once. A log record with nothing wanted is read where its own body holds one of the
 * words of `bodies`. Never throws for a record whose body the receiver accepted.
 */
export function* decodeItems(
  record: JournalRecord,
  wanted: Wanted,
  bodies: readonly string[] = [],
): Generator<DecodedItem> {
  const signal = SIGNALS[record.kind]
  if (signal === undefined) return
  const { buffer, byteOffset, length } = record.payload
  const payload = Buffer.from(buffer, byteOffset, length)
  const bytes = record.contentEncoding === 'gzip' ? gunzipSync(payload) : payload
  if (record.contentType === 'application/json') yield* decodeJson(bytes, signal, wanted, bodies)
  else yield* decodeProtobuf(bytes, signal, wanted, bodies)
}

export type Format = 'protobuf' | 'json'

/**
 * Walks a whole body and keeps nothing of it.
 *
 * @throws OtlpDecodeError for a body that is no such message
 */
export function checkBody(bytes: Buffer, signal: Signal, format: Format): void {
  const items =
    format === 'json' ? decodeJson(bytes, signal, []) : decodeProtobuf(bytes, signal, [])
  while (items.next().done !== true);
}
