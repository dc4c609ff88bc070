import type { Group } from './group.ts'
import { type Attributes, Keep, NO_ATTRIBUTES } from './keep.ts'
import { MAX_NAME, MAX_SPAN_LINKS } from './limits.ts'
import type { DecodedSpan, DecodedSpanLink, Wanted } from './types.ts'
import { readAttribute, walkAttributes } from './value.ts'
import { validId } from './wanted.ts'
import { BYTES, FIXED64, Fields, int32, uint32, VARINT } from './wire.ts'

/** Reads a Span; undefined where none of its attributes is wanted. Of a repeated field the last counts. */
export function readSpan(
  bytes: Buffer,
  start: number,
  end: number,
  wanted: Wanted,
  group: Group,
): DecodedSpan | undefined {
  // Where things are; they become objects only if the span is wanted.
  let trace = 0
  let traceEnd = 0
  let span = 0
  let spanEnd = 0
  let parent = 0
  let parentEnd = 0
  let name = 0
  let nameEnd = 0
  let startAt = -1
  let endAt = -1
  let kind = 0
  let statusCode = 0
  let droppedAttributes = 0
  let attributes: Attributes | undefined
  let keep: Keep | undefined
  let links: number[] | undefined
  const fields = new Fields(bytes, start, end)
  while (fields.next()) {
    const { start: from, end: to } = fields
    if (fields.type === BYTES) {
      switch (fields.number) {
        case 1:
          trace = from
          traceEnd = to
          break
        case 2:
          span = from
          spanEnd = to
          break
        case 4:
          parent = from
          parentEnd = to
          break
        case 5:
          name = from
          nameEnd = to
          break
        case 9:
          keep ??= new Keep()
          attributes = readAttribute(bytes, from, to, wanted, keep, attributes)
          break
        case 11:
          walkAttributes(bytes, from, to, 3)
          break
        case 13:
          walkAttributes(bytes, from, to, 4)
          links ??= []
          if (links.length <= 2 * MAX_SPAN_LINKS) links.push(from, to)
          break
        case 15:
          statusCode = readStatus(bytes, from, to, statusCode)
          break
        default:
      }
    } else if (fields.type === VARINT) {
      if (fields.number === 6) kind = int32(bytes, from, to)
      else if (fields.number === 10) droppedAttributes = uint32(bytes, from, to)
    } else if (fields.type === FIXED64) {
      if (fields.number === 7) startAt = from
      else if (fields.number === 8) endAt = from
    }
  }
  if (attributes === undefined || keep === undefined) return undefined
  const traceId = readId(bytes, trace, traceEnd, 32)
  const spanId = readId(bytes, span, spanEnd, 16)
  const parentSpanId = readId(bytes, parent, parentEnd, 16)
  return {
    traceId,
    spanId,
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    idsInvalid: traceId === '' || spanId === '',
    name: keep.name(bytes, name, nameEnd, MAX_NAME),
    kind,
    startNs: time(bytes, startAt),
    endNs: time(bytes, endAt),
    statusCode,
    attributes,
    droppedAttributes,
    links: links === undefined ? [] : readLinks(bytes, links, wanted, keep),
    scopeName: group.scopeName,
    resource: group.resource,
    flags: keep.flags,
  }
}

/** A time in nanoseconds since the epoch; 0 where there is none. */
export function time(bytes: Buffer, at: number): bigint {
  return at < 0 ? 0n : bytes.readBigUInt64LE(at)
}

/** A valid id in hex; else empty. Nothing is made of bytes that are too many. */
export function readId(bytes: Buffer, start: number, end: number, digits: number): string {
  return (end - start) * 2 === digits ? validId(bytes.toString('hex', start, end), digits) : ''
}

/** The code of a Status; a second one is merged into the first. */
function readStatus(bytes: Buffer, start: number, end: number, before: number): number {
  let code = before
  const fields = new Fields(bytes, start, end)
  while (fields.next()) if (fields.is(3, VARINT)) code = int32(bytes, fields.start, fields.end)
  return code
}

function readLinks(
  bytes: Buffer,
  places: readonly number[],
  wanted: Wanted,
  keep: Keep,
): DecodedSpanLink[] {
  const links: DecodedSpanLink[] = []
  for (let i = 0; i + 1 < places.length; i += 2) {
    if (links.length === MAX_SPAN_LINKS) {
      keep.flag('values_cut')
      break
    }
    links.push(readLink(bytes, places[i] ?? 0, places[i + 1] ?? 0, wanted, keep))
  }
  return links
}

function readLink(
  bytes: Buffer,
  start: number,
  end: number,
  wanted: Wanted,
  keep: Keep,
): DecodedSpanLink {
  let traceId = ''
  let spanId = ''
  let attributes: Attributes | undefined
  const fields = new Fields(bytes, start, end)
  while (fields.next()) {
    if (fields.is(1, BYTES)) traceId = readId(bytes, fields.start, fields.end, 32)
    else if (fields.is(2, BYTES)) spanId = readId(bytes, fields.start, fields.end, 16)
    else if (fields.is(4, BYTES)) {
      attributes = readAttribute(bytes, fields.start, fields.end, wanted, keep, attributes)
    }
  }
  return { traceId, spanId, attributes: attributes ?? NO_ATTRIBUTES }
}
