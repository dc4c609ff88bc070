import type { Group } from './group.ts'
import { type Attributes, Keep, NO_ATTRIBUTES } from './keep.ts'
import { MAX_NAME } from './limits.ts'
import { readId, time } from './protobuf-span.ts'
import type { DecodedLog, Wanted } from './types.ts'
import { readAttribute, readValue, walkValue } from './value.ts'
import { holdsWord, isWantedKey } from './wanted.ts'
import { BYTES, FIXED64, Fields, int32, uint32, VARINT } from './wire.ts'

/** Reads a LogRecord; undefined where neither its event name nor its attributes nor its body is wanted. */
export function readLog(
  bytes: Buffer,
  start: number,
  end: number,
  wanted: Wanted,
  group: Group,
  bodies: readonly string[],
): DecodedLog | undefined {
  let trace = 0
  let traceEnd = 0
  let span = 0
  let spanEnd = 0
  let name = 0
  let nameEnd = 0
  let timeAt = -1
  let observedAt = -1
  let severity = 0
  let droppedAttributes = 0
  let attributes: Attributes | undefined
  let body: number[] | undefined
  const keep = new Keep()
  const fields = new Fields(bytes, start, end)
  while (fields.next()) {
    const { start: from, end: to } = fields
    if (fields.type === BYTES) {
      switch (fields.number) {
        case 5:
          walkValue(bytes, from, to, 1)
          body ??= []
          body.push(from, to)
          break
        case 6:
          attributes = readAttribute(bytes, from, to, wanted, keep, attributes)
          break
        case 9:
          trace = from
          traceEnd = to
          break
        case 10:
          span = from
          spanEnd = to
          break
        case 12:
          name = from
          nameEnd = to
          break
        default:
      }
    } else if (fields.type === VARINT) {
      if (fields.number === 2) severity = int32(bytes, from, to)
      else if (fields.number === 7) droppedAttributes = uint32(bytes, from, to)
    } else if (fields.type === FIXED64) {
      if (fields.number === 1) timeAt = from
      else if (fields.number === 11) observedAt = from
    }
  }
  if (
    attributes === undefined &&
    !isWantedKey(bytes, name, nameEnd, wanted) &&
    !holdsWord(bytes, body ?? [], bodies)
  )
    return undefined
  const traceId = readId(bytes, trace, traceEnd, 32)
  const spanId = readId(bytes, span, spanEnd, 16)
  const eventName = keep.name(bytes, name, nameEnd, MAX_NAME)
  const value = body === undefined ? undefined : readValue(bytes, body, keep)
  return {
    timeNs: time(bytes, timeAt),
    observedNs: time(bytes, observedAt),
    severity,
    ...(traceId === '' || spanId === '' ? {} : { traceId, spanId }),
    ...(eventName === '' ? {} : { eventName }),
    ...(value === undefined || keep.full ? {} : { body: value }),
    attributes: attributes ?? NO_ATTRIBUTES,
    droppedAttributes,
    scopeName: group.scopeName,
    resource: group.resource,
    flags: keep.flags,
  }
}
