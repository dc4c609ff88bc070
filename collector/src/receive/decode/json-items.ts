import type { JsonCursor, Token } from './json-cursor.ts'
import type { JsonGroup } from './json-group.ts'
import {
  eachElement,
  JsonMessage,
  members,
  readInt32,
  readUint32,
  readUint64,
} from './json-message.ts'
import { readAttributes, readValue } from './json-value.ts'
import { type Attributes, Keep, NO_ATTRIBUTES } from './keep.ts'
import { MAX_NAME, MAX_SPAN_LINKS } from './limits.ts'
import type { AttributeValue, DecodedLog, DecodedSpan, DecodedSpanLink, Wanted } from './types.ts'
import { holdsWord, isWanted, validId } from './wanted.ts'

const SPAN = members(
  'traceId',
  'spanId',
  'traceState',
  'parentSpanId',
  'flags',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
  'droppedAttributesCount',
  'events',
  'droppedEventsCount',
  'links',
  'droppedLinksCount',
  'status',
)
const EVENT = members('timeUnixNano', 'name', 'attributes', 'droppedAttributesCount')
const LINK = members(
  'traceId',
  'spanId',
  'traceState',
  'attributes',
  'droppedAttributesCount',
  'flags',
)
const STATUS = members('code', 'message')
const LOG = members(
  'timeUnixNano',
  'observedTimeUnixNano',
  'severityNumber',
  'severityText',
  'body',
  'attributes',
  'droppedAttributesCount',
  'flags',
  'traceId',
  'spanId',
  'eventName',
)

/** Reads a Span; undefined where none of its attributes is wanted. */
export function readSpan(
  cursor: JsonCursor,
  wanted: Wanted,
  group: JsonGroup,
): DecodedSpan | undefined {
  const keep = new Keep()
  let trace: Token | undefined
  let span: Token | undefined
  let parent: Token | undefined
  let name: Token | undefined
  let kind = 0
  let startNs = 0n
  let endNs = 0n
  let statusCode = 0
  let droppedAttributes = 0
  let attributes: Attributes | undefined
  let linksAt = -1
  const message = new JsonMessage(cursor, SPAN)
  for (let member = message.next(); member !== undefined; member = message.next()) {
    switch (member) {
      case 'traceId':
        trace = cursor.string()
        break
      case 'spanId':
        span = cursor.string()
        break
      case 'parentSpanId':
        parent = cursor.string()
        break
      case 'name':
        name = cursor.string()
        break
      case 'traceState':
        cursor.string()
        break
      case 'kind':
        kind = readInt32(cursor)
        break
      case 'startTimeUnixNano':
        startNs = readUint64(cursor)
        break
      case 'endTimeUnixNano':
        endNs = readUint64(cursor)
        break
      case 'attributes':
        attributes = readAttributes(cursor, wanted, keep)
        break
      case 'droppedAttributesCount':
        droppedAttributes = readUint32(cursor)
        break
      case 'events':
        eachElement(cursor, () => walkEvent(cursor))
        break
      case 'links':
        linksAt = cursor.at
        eachElement(cursor, () => readLink(cursor, [], new Keep()))
        break
      case 'status':
        statusCode = readStatus(cursor)
        break
      default:
        readUint32(cursor)
    }
  }
  if (attributes === undefined) return undefined
  const traceId = idOf(cursor, trace, 32)
  const spanId = idOf(cursor, span, 16)
  const parentSpanId = idOf(cursor, parent, 16)
  return {
    traceId,
    spanId,
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    idsInvalid: traceId === '' || spanId === '',
    name: nameOf(cursor, name, keep),
    kind,
    startNs,
    endNs,
    statusCode,
    attributes,
    droppedAttributes,
    links: linksAt < 0 ? [] : readLinks(cursor.from(linksAt), wanted, keep),
    scopeName: group.scopeName,
    resource: group.resource,
    flags: keep.flags,
  }
}

/** Reads a LogRecord; undefined where neither its event name nor its attributes nor its body is wanted. */
export function readLog(
  cursor: JsonCursor,
  wanted: Wanted,
  group: JsonGroup,
  bodies: readonly string[],
): DecodedLog | undefined {
  const keep = new Keep()
  let timeNs = 0n
  let observedNs = 0n
  let severity = 0
  let trace: Token | undefined
  let span: Token | undefined
  let name: Token | undefined
  let bodyAt = -1
  let bodyEnd = -1
  let droppedAttributes = 0
  let attributes: Attributes | undefined
  const message = new JsonMessage(cursor, LOG)
  for (let member = message.next(); member !== undefined; member = message.next()) {
    switch (member) {
      case 'timeUnixNano':
        timeNs = readUint64(cursor)
        break
      case 'observedTimeUnixNano':
        observedNs = readUint64(cursor)
        break
      case 'severityNumber':
        severity = readInt32(cursor)
        break
      case 'severityText':
        cursor.string()
        break
      case 'body':
        bodyAt = cursor.at
        readValue(cursor, 1)
        bodyEnd = cursor.at
        break
      case 'attributes':
        attributes = readAttributes(cursor, wanted, keep)
        break
      case 'traceId':
        trace = cursor.string()
        break
      case 'spanId':
        span = cursor.string()
        break
      case 'eventName':
        name = cursor.string()
        break
      case 'droppedAttributesCount':
        droppedAttributes = readUint32(cursor)
        break
      default:
        readUint32(cursor)
    }
  }
  const eventName = nameOf(cursor, name, keep)
  if (
    attributes === undefined &&
    !isWanted(eventName, wanted) &&
    !holdsWord(cursor.bytes, bodyAt < 0 ? [] : [bodyAt, bodyEnd], bodies)
  )
    return undefined
  const traceId = idOf(cursor, trace, 32)
  const spanId = idOf(cursor, span, 16)
  let body: AttributeValue | undefined
  if (bodyAt >= 0) body = readValue(cursor.from(bodyAt), 1, keep)
  return {
    timeNs,
    observedNs,
    severity,
    ...(traceId === '' || spanId === '' ? {} : { traceId, spanId }),
    ...(eventName === '' ? {} : { eventName }),
    ...(body === undefined || keep.full ? {} : { body }),
    attributes: attributes ?? NO_ATTRIBUTES,
    droppedAttributes,
    scopeName: group.scopeName,
    resource: group.resource,
    flags: keep.flags,
  }
}

/** An id: hex in any case, not base64 as elsewhere in protobuf's JSON. */
function idOf(cursor: JsonCursor, token: Token | undefined, digits: number): string {
  if (token === undefined || token.end - token.start !== digits) return ''
  const text = cursor.bytes.toString('latin1', token.start, token.end).toLowerCase()
  return /^[0-9a-f]*$/.test(text) ? validId(text, digits) : ''
}

function nameOf(cursor: JsonCursor, token: Token | undefined, keep: Keep): string {
  if (token === undefined) return ''
  if (!token.escaped) return keep.name(cursor.bytes, token.start, token.end, MAX_NAME)
  return cursor.text(token, keep).slice(0, MAX_NAME)
}

function readStatus(cursor: JsonCursor): number {
  let code = 0
  const message = new JsonMessage(cursor, STATUS)
  for (let member = message.next(); member !== undefined; member = message.next()) {
    if (member === 'code') code = readInt32(cursor)
    else cursor.string()
  }
  return code
}

function walkEvent(cursor: JsonCursor): void {
  const message = new JsonMessage(cursor, EVENT)
  for (let member = message.next(); member !== undefined; member = message.next()) {
    if (member === 'timeUnixNano') readUint64(cursor)
    else if (member === 'name') cursor.string()
    else if (member === 'attributes') readAttributes(cursor, [], new Keep())
    else readUint32(cursor)
  }
}

function readLinks(cursor: JsonCursor, wanted: Wanted, keep: Keep): DecodedSpanLink[] {
  const links: DecodedSpanLink[] = []
  eachElement(cursor, () => {
    if (links.length < MAX_SPAN_LINKS) links.push(readLink(cursor, wanted, keep))
    else {
      keep.flag('values_cut')
      cursor.skip()
    }
  })
  return links
}

function readLink(cursor: JsonCursor, wanted: Wanted, keep: Keep): DecodedSpanLink {
  let traceId = ''
  let spanId = ''
  let attributes: Attributes | undefined
  const message = new JsonMessage(cursor, LINK)
  for (let member = message.next(); member !== undefined; member = message.next()) {
    if (member === 'traceId') traceId = idOf(cursor, cursor.string(), 32)
    else if (member === 'spanId') spanId = idOf(cursor, cursor.string(), 16)
    else if (member === 'traceState') cursor.string()
    else if (member === 'attributes') attributes = readAttributes(cursor, wanted, keep)
    else readUint32(cursor)
  }
  return { traceId, spanId, attributes: attributes ?? NO_ATTRIBUTES }
}
