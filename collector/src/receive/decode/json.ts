import { isWantedName, validId } from './protobuf.ts'
import {
  type AttributeValue,
  type Decoded,
  type DecodedLog,
  type DecodedSpan,
  MAX_VALUE_DEPTH,
  OtlpDecodeError,
  type Signal,
  type Wanted,
} from './types.ts'
import { type Attributes, noAttributes } from './value.ts'

/**
 * Reads an OTLP/JSON export request (OTLP 1.x, "JSON Protobuf Encoding"): unknown members are
 * ignored, ids are hex in any case, 64-bit integers come as text or number.
 *
 * @throws OtlpDecodeError for anything that is not such a message
 */
export function decodeJson(bytes: Buffer, signal: Signal, wanted: Wanted): Decoded {
  let request: unknown
  try {
    request = JSON.parse(new TextDecoder('utf-8', { fatal: false }).decode(bytes))
  } catch {
    throw malformed('the body is not JSON')
  }
  if (!isObject(request)) throw malformed('the request is not an object')
  const [groups, scopes, items] =
    signal === 'traces'
      ? (['resourceSpans', 'scopeSpans', 'spans'] as const)
      : (['resourceLogs', 'scopeLogs', 'logRecords'] as const)
  const spans: DecodedSpan[] = []
  const logs: DecodedLog[] = []
  for (const group of objects(request, groups)) {
    for (const scope of objects(group, scopes)) {
      for (const item of objects(scope, items)) {
        if (signal === 'traces') {
          const span = readSpan(item, wanted)
          if (span !== undefined) spans.push(span)
        } else {
          const log = readLog(item, wanted)
          if (log !== undefined) logs.push(log)
        }
      }
    }
  }
  return { spans, logs }
}

type JsonObject = Readonly<Record<string, unknown>>

function readSpan(span: JsonObject, wanted: Wanted): DecodedSpan | undefined {
  // Everything is read before it is known to be wanted: what is accepted once must never be refused
  // when it is read again from the journal.
  const attributes = readAttributes(span, wanted)
  const traceId = id(span, 'traceId', 32)
  const spanId = id(span, 'spanId', 16)
  const parentSpanId = id(span, 'parentSpanId', 16)
  const status = span['status']
  const common = {
    traceId,
    spanId,
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    idsInvalid: traceId === '' || spanId === '',
    name: text(span, 'name').slice(0, 1024),
    kind: integer(span['kind']),
    startNs: nanoseconds(span['startTimeUnixNano']),
    endNs: nanoseconds(span['endTimeUnixNano']),
    statusCode: isObject(status) ? integer(status['code']) : 0,
  }
  return attributes === undefined ? undefined : { ...common, attributes }
}

function readLog(log: JsonObject, wanted: Wanted): DecodedLog | undefined {
  const eventName = text(log, 'eventName').slice(0, 256)
  const attributes = readAttributes(log, wanted)
  const traceId = id(log, 'traceId', 32)
  const spanId = id(log, 'spanId', 16)
  const body = log['body'] === undefined ? undefined : readValue(log['body'], 1)
  if (attributes === undefined && !isWantedName(eventName, wanted)) return undefined
  return {
    attributes: attributes ?? noAttributes(),
    ...(traceId === '' || spanId === '' ? {} : { traceId, spanId }),
    ...(eventName === '' ? {} : { eventName }),
    ...(body === undefined ? {} : { body }),
  }
}

/** Undefined where no attribute is wanted; all are checked. */
function readAttributes(of: JsonObject, wanted: Wanted): Attributes | undefined {
  const attributes = noAttributes()
  let found = false
  for (const pair of objects(of, 'attributes')) {
    const key = text(pair, 'key')
    const value = readValue(pair['value'], 1)
    if (!isWantedName(key, wanted)) continue
    attributes[key] = value
    found = true
  }
  return found ? attributes : undefined
}

function readValue(value: unknown, depth: number): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) throw malformed('a value is nested too deeply')
  if (value === undefined || value === null) return null
  if (!isObject(value)) throw malformed('an attribute value is not an object')
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } =
    value as Record<string, unknown>
  if (typeof stringValue === 'string') return stringValue
  if (typeof boolValue === 'boolean') return boolValue
  if (intValue !== undefined) return int64(intValue)
  if (doubleValue !== undefined) return Number(doubleValue)
  if (isObject(arrayValue)) {
    return objects(arrayValue, 'values').map((item) => readValue(item, depth + 1))
  }
  if (isObject(kvlistValue)) {
    const map = noAttributes()
    for (const pair of objects(kvlistValue, 'values')) {
      map[text(pair, 'key')] = readValue(pair['value'], depth + 1)
    }
    return map
  }
  if (typeof bytesValue === 'string') return Buffer.from(bytesValue, 'base64')
  return null
}

function int64(value: unknown): number | bigint {
  const whole = bigint(value)
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole
}

function nanoseconds(value: unknown): bigint {
  if (value === undefined) return 0n
  const whole = bigint(value)
  if (whole < 0n) throw malformed('a time is negative')
  return BigInt.asUintN(64, whole)
}

function bigint(value: unknown): bigint {
  try {
    if (typeof value === 'string' || typeof value === 'number') return BigInt(value)
  } catch {
    // Said below.
  }
  throw malformed('a 64-bit integer is not one')
}

function integer(value: unknown): number {
  if (value === undefined) return 0
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw malformed('an enum is not an integer')
}

function id(of: JsonObject, name: string, length: number): string {
  const value = of[name]
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw malformed(`${name} is not text`)
  return /^[0-9a-fA-F]*$/.test(value) ? validId(value.toLowerCase(), length) : ''
}

function text(of: JsonObject, name: string): string {
  const value = of[name]
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw malformed(`${name} is not text`)
  return value
}

function objects(of: JsonObject, name: string): JsonObject[] {
  const value = of[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw malformed(`${name} is not a list of objects`)
  }
  return value
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(message: string): OtlpDecodeError {
  return new OtlpDecodeError(message, -1)
}
