import { gunzipSync } from 'node:zlib'
import type { JournalRecord } from '../journal/index.ts'
import { decodeJson } from './decode/json.ts'
import { decodeProtobuf } from './decode/protobuf.ts'
import type { Decoded, Signal, Wanted } from './decode/types.ts'

const SIGNALS: Readonly<Record<string, Signal>> = { 'otlp-traces': 'traces', 'otlp-logs': 'logs' }

/** What a journal record holds of what is wanted; nothing for a record of another kind. */
export function decodeRecord(record: JournalRecord, wanted: Wanted): Decoded {
  const signal = SIGNALS[record.kind]
  if (signal === undefined) return { spans: [], logs: [] }
  const payload = Buffer.from(
    record.payload.buffer,
    record.payload.byteOffset,
    record.payload.length,
  )
  const bytes = record.contentEncoding === 'gzip' ? gunzipSync(payload) : payload
  return record.contentType === 'application/json'
    ? decodeJson(bytes, signal, wanted)
    : decodeProtobuf(bytes, signal, wanted)
}
