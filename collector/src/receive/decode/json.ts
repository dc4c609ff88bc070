import { ARRAY, JsonCursor } from './json-cursor.ts'
import { JsonGroup, readResource, readScope } from './json-group.ts'
import { readLog, readSpan } from './json-items.ts'
import { JsonMessage, members } from './json-message.ts'
import type { DecodedItem, Signal, Wanted } from './types.ts'

const NAMES = {
  traces: {
    request: members('resourceSpans'),
    group: members('resource', 'scopeSpans', 'schemaUrl'),
    scope: members('scope', 'spans', 'schemaUrl'),
  },
  logs: {
    request: members('resourceLogs'),
    group: members('resource', 'scopeLogs', 'schemaUrl'),
    scope: members('scope', 'logRecords', 'schemaUrl'),
  },
} as const

/**
 * Reads an OTLP/JSON export request (OTLP 1.x, "JSON Protobuf Encoding"), one item at a time: unknown
 * members are ignored, ids are hex in any case, 64-bit integers come as text or number. What is known
 * must be of its type, in the whole body; a byte order mark in front is passed over.
 *
 * @throws OtlpDecodeError for anything that is not such a message, when it comes to it
 */
export function* decodeJson(
  bytes: Buffer,
  signal: Signal,
  wanted: Wanted,
  bodies: readonly string[] = [],
): Generator<DecodedItem> {
  const names = NAMES[signal]
  const cursor = new JsonCursor(bytes, hasByteOrderMark(bytes) ? 3 : 0)
  const request = new JsonMessage(cursor, names.request)
  while (request.next() !== undefined) {
    cursor.open(ARRAY)
    while (cursor.more(ARRAY)) yield* readGroup(cursor, signal, wanted, bodies)
  }
  cursor.finish()
}

function* readGroup(
  cursor: JsonCursor,
  signal: Signal,
  wanted: Wanted,
  bodies: readonly string[],
): Generator<DecodedItem> {
  const names = NAMES[signal]
  const group = new JsonGroup(cursor.bytes, cursor.at, wanted)
  const message = new JsonMessage(cursor, names.group)
  for (let name = message.next(); name !== undefined; name = message.next()) {
    if (name === 'resource') readResource(cursor, [])
    else if (name === 'schemaUrl') cursor.string()
    else {
      cursor.open(ARRAY)
      while (cursor.more(ARRAY)) {
        group.enterScope(cursor.at)
        yield* readScopeGroup(cursor, signal, wanted, group, bodies)
      }
    }
  }
}

function* readScopeGroup(
  cursor: JsonCursor,
  signal: Signal,
  wanted: Wanted,
  group: JsonGroup,
  bodies: readonly string[],
): Generator<DecodedItem> {
  const message = new JsonMessage(cursor, NAMES[signal].scope)
  for (let name = message.next(); name !== undefined; name = message.next()) {
    if (name === 'scope') readScope(cursor)
    else if (name === 'schemaUrl') cursor.string()
    else {
      cursor.open(ARRAY)
      while (cursor.more(ARRAY)) {
        if (signal === 'traces') {
          const span = readSpan(cursor, wanted, group)
          if (span !== undefined) yield { kind: 'span', span }
        } else {
          const log = readLog(cursor, wanted, group, bodies)
          if (log !== undefined) yield { kind: 'log', log }
        }
      }
    }
  }
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
