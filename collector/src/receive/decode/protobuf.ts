import type { Decoded, DecodedLog, DecodedSpan, Signal, Wanted } from './types.ts'
import { type Attributes, noAttributes, readAttribute, readValue } from './value.ts'
import { BYTES, FIXED64, int64, readFields, VARINT } from './wire.ts'

/**
 * Decodes an OTLP export request, opentelemetry-proto 1.x. The structure of the whole body is walked;
 * only spans and log records that carry something wanted become objects.
 *
 * @throws OtlpDecodeError for bytes that are no such message
 */
export function decodeProtobuf(bytes: Buffer, signal: Signal, wanted: Wanted): Decoded {
  const spans: DecodedSpan[] = []
  const logs: DecodedLog[] = []
  const each = (from: number, to: number): void => {
    if (signal === 'traces') {
      const span = readSpan(bytes, from, to, wanted)
      if (span !== undefined) spans.push(span)
    } else {
      const log = readLog(bytes, from, to, wanted)
      if (log !== undefined) logs.push(log)
    }
  }
  // Request, resource group and scope group have the same shape in both signals: 1 is what it is
  // about, 2 what it holds.
  readFields(bytes, 0, bytes.length, (number, type, from, to) => {
    if (number === 1 && type === BYTES) readResourceGroup(bytes, from, to, each)
  })
  return { spans, logs }
}

type Each = (from: number, to: number) => void

function readResourceGroup(bytes: Buffer, start: number, end: number, each: Each): void {
  readFields(bytes, start, end, (number, type, from, to) => {
    if (type !== BYTES) return
    if (number === 1) walkAttributes(bytes, from, to, 1)
    else if (number === 2) readScopeGroup(bytes, from, to, each)
  })
}

function readScopeGroup(bytes: Buffer, start: number, end: number, each: Each): void {
  readFields(bytes, start, end, (number, type, from, to) => {
    if (type !== BYTES) return
    if (number === 1) walkAttributes(bytes, from, to, 3)
    else if (number === 2) each(from, to)
  })
}

const NOTHING: Wanted = []

/** Walks a message for its structure: attributes are in field `attributes`. */
function walkAttributes(bytes: Buffer, start: number, end: number, attributes: number): void {
  readFields(bytes, start, end, (number, type, from, to) => {
    if (number === attributes && type === BYTES) {
      readAttribute(bytes, from, to, NOTHING, undefined)
    }
  })
}

function readSpan(
  bytes: Buffer,
  start: number,
  end: number,
  wanted: Wanted,
): DecodedSpan | undefined {
  let trace = ''
  let span = ''
  let parent = ''
  let name = ''
  let kind = 0
  let startNs = 0n
  let endNs = 0n
  let statusCode = 0
  let attributes: Attributes | undefined
  const into = noAttributes()
  readFields(bytes, start, end, (number, type, from, to) => {
    if (type === BYTES) {
      switch (number) {
        case 1:
          trace = bytes.toString('hex', from, to)
          return
        case 2:
          span = bytes.toString('hex', from, to)
          return
        case 4:
          parent = bytes.toString('hex', from, to)
          return
        case 5:
          name = bytes.toString('utf8', from, Math.min(to, from + 1024))
          return
        case 9:
          if (readAttribute(bytes, from, to, wanted, into)) attributes = into
          return
        case 11:
          walkAttributes(bytes, from, to, 3)
          return
        case 13:
          walkAttributes(bytes, from, to, 4)
          return
        case 15:
          statusCode = readStatus(bytes, from, to)
          return
        default:
          return
      }
    }
    if (type === FIXED64 && number === 7) startNs = bytes.readBigUInt64LE(from)
    else if (type === FIXED64 && number === 8) endNs = bytes.readBigUInt64LE(from)
    else if (type === VARINT && number === 6) kind = Number(int64(bytes, from, to))
  })
  if (attributes === undefined) return undefined
  const ids = { traceId: validId(trace, 32), spanId: validId(span, 16) }
  const parentId = validId(parent, 16)
  return {
    ...ids,
    ...(parentId === '' ? {} : { parentSpanId: parentId }),
    idsInvalid: ids.traceId === '' || ids.spanId === '',
    name,
    kind,
    startNs,
    endNs,
    statusCode,
    attributes,
  }
}

function readStatus(bytes: Buffer, start: number, end: number): number {
  let code = 0
  readFields(bytes, start, end, (number, type, from, to) => {
    if (number === 3 && type === VARINT) code = Number(int64(bytes, from, to))
  })
  return code
}

function readLog(
  bytes: Buffer,
  start: number,
  end: number,
  wanted: Wanted,
): DecodedLog | undefined {
  let trace = ''
  let span = ''
  let eventName = ''
  let body: readonly [number, number] | undefined
  let found = false
  const attributes = noAttributes()
  readFields(bytes, start, end, (number, type, from, to) => {
    if (type !== BYTES) return
    if (number === 5) body = [from, to]
    else if (number === 6) found = readAttribute(bytes, from, to, wanted, attributes) || found
    else if (number === 9) trace = bytes.toString('hex', from, to)
    else if (number === 10) span = bytes.toString('hex', from, to)
    else if (number === 12) eventName = bytes.toString('utf8', from, Math.min(to, from + 256))
  })
  // The body is walked also where it is not kept.
  const value = body === undefined ? undefined : readValue(bytes, body[0], body[1], 1)
  if (!found && !isWantedName(eventName, wanted)) return undefined
  const traceId = validId(trace, 32)
  const spanId = validId(span, 16)
  return {
    attributes,
    ...(traceId === '' || spanId === '' ? {} : { traceId, spanId }),
    ...(eventName === '' ? {} : { eventName }),
    ...(value === undefined ? {} : { body: value }),
  }
}

export function isWantedName(name: string, wanted: Wanted): boolean {
  return wanted.some((prefix) => name.startsWith(prefix))
}

/** An id of the right length that is not all zero (W3C Trace Context); else empty. */
export function validId(hex: string, length: number): string {
  return hex.length === length && !/^0*$/.test(hex) ? hex : ''
}
