import { Group } from './group.ts'
import { readLog } from './protobuf-log.ts'
import { readSpan } from './protobuf-span.ts'
import type { DecodedItem, Signal, Wanted } from './types.ts'
import { walkAttributes } from './value.ts'
import { BYTES, Fields } from './wire.ts'

/**
 * Decodes an OTLP export request, opentelemetry-proto 1.x, one item at a time. The structure of the
 * whole body is walked; only spans and log records that carry something wanted become objects.
 *
 * @throws OtlpDecodeError for bytes that are no such message, when it comes to them
 */
export function* decodeProtobuf(
  bytes: Buffer,
  signal: Signal,
  wanted: Wanted,
  bodies: readonly string[] = [],
): Generator<DecodedItem> {
  // Request, resource group and scope group have the same shape in both signals: 1 is what it is
  // about, 2 what it holds.
  const request = new Fields(bytes, 0, bytes.length)
  while (request.next()) {
    if (!request.is(1, BYTES)) continue
    const group = new Group(bytes, request.start, request.end, wanted)
    const scopes = new Fields(bytes, request.start, request.end)
    while (scopes.next()) {
      if (scopes.is(1, BYTES)) walkAttributes(bytes, scopes.start, scopes.end, 1)
      else if (scopes.is(2, BYTES)) {
        group.enterScope(scopes.start, scopes.end)
        const items = new Fields(bytes, scopes.start, scopes.end)
        while (items.next()) {
          if (items.is(1, BYTES)) walkAttributes(bytes, items.start, items.end, 3)
          else if (items.is(2, BYTES)) {
            if (signal === 'traces') {
              const span = readSpan(bytes, items.start, items.end, wanted, group)
              if (span !== undefined) yield { kind: 'span', span }
            } else {
              const log = readLog(bytes, items.start, items.end, wanted, group, bodies)
              if (log !== undefined) yield { kind: 'log', log }
            }
          }
        }
      }
    }
  }
}
