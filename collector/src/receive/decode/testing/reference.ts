import protobuf from 'protobufjs'
import { OTLP } from '../../../../../test/harness/otlp-schema.ts'
import { MAX_NAME } from '../limits.ts'
import { decodeProtobuf } from '../protobuf.ts'
import type { AttributeValue, DecodedItem, DecodedSpanLink, Signal } from '../types.ts'
import { validId } from '../wanted.ts'

/**
 * Text is declared as bytes, which is the same on the wire: then text that is not UTF-8, which we
 * replace and others refuse, makes no difference in what is accepted.
 */
const ROOT = protobuf.Root.fromJSON(
  JSON.parse(JSON.stringify(OTLP), (key, inner) =>
    key === 'type' && inner === 'string' ? 'bytes' : inner,
  ),
)
export const REQUESTS: Readonly<Record<Signal, protobuf.Type>> = {
  traces: ROOT.lookupType('ExportTraceServiceRequest'),
  logs: ROOT.lookupType('ExportLogsServiceRequest'),
}

export function encode(signal: Signal, request: object): Buffer {
  const type = REQUESTS[signal]
  return Buffer.from(type.encode(type.fromObject(request)).finish())
}

/** Everything that our decoder says about a body, as comparable text. */
export function byUs(bytes: Buffer, signal: Signal): string[] {
  return Array.from(decodeProtobuf(bytes, signal, ['']), (item) => JSON.stringify(canonical(item)))
}

export function canonical(item: DecodedItem): object {
  if (item.kind === 'span') {
    const { flags: _, idsInvalid: _ids, startNs, endNs, links, parentSpanId, ...rest } = item.span
    return {
      ...rest,
      parentSpanId: parentSpanId ?? '',
      startNs: number(startNs),
      endNs: number(endNs),
      links: links.map((link: DecodedSpanLink) => ({
        ...link,
        attributes: plain(link.attributes),
      })),
      attributes: plain(rest.attributes),
      resource: plain(rest.resource),
    }
  }
  const { flags: _, timeNs, observedNs, traceId, spanId, eventName, body, ...rest } = item.log
  return {
    ...rest,
    timeNs: number(timeNs),
    observedNs: number(observedNs),
    traceId: traceId ?? '',
    spanId: spanId ?? '',
    eventName: eventName ?? '',
    body: body === undefined ? 'absent' : plain(body),
    attributes: plain(rest.attributes),
    resource: plain(rest.resource),
  }
}

function plain(value: AttributeValue): unknown {
  if (value === null) return null
  if (typeof value === 'string') return `s:${value}`
  if (typeof value === 'boolean') return value
  if (typeof value === 'number' || typeof value === 'bigint') return number(value)
  if (value instanceof Uint8Array) return `b:${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map((item: AttributeValue) => plain(item))
  return sorted(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

/** protobufjs has only doubles for 64-bit integers unless another package is there. */
function number(value: unknown): string {
  return Object.is(value, -0) ? 'n:-0' : `n:${Number(value)}`
}

function sorted(entries: readonly (readonly [string, unknown])[]): unknown {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * protobufjs goes on with an array or a map after another member of the oneof was set in between;
 * protobuf's own parsers begin anew, and so do we. Such a body cannot be compared.
 */
export class OneofSwitched extends Error {}

type Message = Readonly<Record<string, unknown>>

/** The same from protobufjs. Throws where it refuses the body. */
export function byReference(bytes: Buffer, signal: Signal): string[] {
  const type = REQUESTS[signal]
  const request: Message = type.toObject(type.decode(bytes), { oneofs: true })
  const [groups, scopes, items] =
    signal === 'traces'
      ? ['resourceSpans', 'scopeSpans', 'spans']
      : ['resourceLogs', 'scopeLogs', 'logRecords']
  const found: string[] = []
  for (const group of list(request[groups ?? ''])) {
    for (const scope of list(group[scopes ?? ''])) {
      const around = {
        scopeName: name(message(scope['scope'])['name']),
        resource: keyValues(message(group['resource'])['attributes']),
      }
      for (const item of list(scope[items ?? ''])) {
        if (signal === 'traces' && list(item['attributes']).length === 0) continue
        found.push(JSON.stringify(signal === 'traces' ? span(item, around) : log(item, around)))
      }
    }
  }
  return found
}

interface Around {
  readonly scopeName: string
  readonly resource: unknown
}

function span(of: Message, { scopeName, resource }: Around): object {
  return {
    traceId: hexId(of['traceId'], 32),
    spanId: hexId(of['spanId'], 16),
    name: name(of['name']),
    kind: of['kind'] ?? 0,
    statusCode: message(of['status'])['code'] ?? 0,
    attributes: keyValues(of['attributes']),
    droppedAttributes: of['droppedAttributesCount'] ?? 0,
    scopeName,
    resource,
    parentSpanId: hexId(of['parentSpanId'], 16),
    startNs: number(of['startTimeUnixNano'] ?? 0),
    endNs: number(of['endTimeUnixNano'] ?? 0),
    links: list(of['links']).map((link) => ({
      traceId: hexId(link['traceId'], 32),
      spanId: hexId(link['spanId'], 16),
      attributes: keyValues(link['attributes']),
    })),
  }
}

function log(of: Message, { scopeName, resource }: Around): object {
  const ids = [hexId(of['traceId'], 32), hexId(of['spanId'], 16)]
  const [traceId, spanId] = ids.includes('') ? ['', ''] : ids
  return {
    severity: of['severityNumber'] ?? 0,
    attributes: keyValues(of['attributes']),
    droppedAttributes: of['droppedAttributesCount'] ?? 0,
    scopeName,
    resource,
    timeNs: number(of['timeUnixNano'] ?? 0),
    observedNs: number(of['observedTimeUnixNano'] ?? 0),
    traceId,
    spanId,
    eventName: name(of['eventName']),
    body: of['body'] === undefined ? 'absent' : anyValue(message(of['body'])),
  }
}

function keyValues(value: unknown): unknown {
  const map = new Map<string, unknown>()
  for (const pair of list(value)) {
    map.set(utf8(pair['key']), pair['value'] ? anyValue(message(pair['value'])) : null)
  }
  return sorted([...map])
}

function anyValue(of: Message): unknown {
  const choice = String(of['value'] ?? '')
  const value = of[choice]
  const others = Object.keys(of).filter((key) => key !== 'value' && key !== choice)
  switch (choice) {
    case 'stringValue':
      return `s:${utf8(value)}`
    case 'boolValue':
      return value
    case 'intValue':
    case 'doubleValue':
      return number(value)
    case 'bytesValue':
      return `b:${bytesOf(value).toString('hex')}`
    case 'arrayValue':
      if (others.length > 0) throw new OneofSwitched()
      return list(message(value)['values']).map(anyValue)
    case 'kvlistValue':
      if (others.length > 0) throw new OneofSwitched()
      return keyValues(message(value)['values'])
    default:
      return null
  }
}

function list(value: unknown): readonly Message[] {
  return Array.isArray(value) ? value : []
}

function message(value: unknown): Message {
  return typeof value === 'object' && value !== null ? (value as Message) : {}
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.alloc(0)
}

function utf8(value: unknown): string {
  return bytesOf(value).toString('utf8')
}

function name(value: unknown): string {
  return bytesOf(value).subarray(0, MAX_NAME).toString('utf8')
}

function hexId(value: unknown, digits: number): string {
  return validId(bytesOf(value).toString('hex'), digits)
}
