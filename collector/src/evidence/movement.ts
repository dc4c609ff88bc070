import { createHash } from 'node:crypto'
import { ATTR } from '@delegraph/graph-schema'
import type { DecodedLog, DecodedSpan } from '../receive/index.ts'
import {
  type Attributes,
  hashesIn,
  milliseconds,
  optional,
  sessionOf,
  textOf,
} from './attributes.ts'
import { MOVEMENT_OPS, type MovementEvidence, type MovementFacts } from './types.ts'

/** Where and when it was said: a span, or the span that a record belongs to. */
export type MovementPlace = Pick<DecodedSpan, 'traceId' | 'spanId' | 'startNs'>

/** Data that moved outside a call, by the word of a span or record. */
export function movementOf(a: Attributes, place: MovementPlace): MovementEvidence | undefined {
  const op = MOVEMENT_OPS.find((known) => known === a[ATTR.dataOp])
  if (op === undefined) return undefined
  const put = op === 'wrote' || op === 'sent'
  const facts: MovementFacts = {
    trace: place.traceId,
    span: place.spanId,
    op,
    at: milliseconds(place.startNs),
    data: hashesIn(a, put ? ATTR.dataOut : ATTR.dataIn),
    ...optional('agent', textOf(a, ATTR.agentId)),
    ...optional('peer', textOf(a, put ? ATTR.dataTarget : ATTR.dataSource)),
    ...optional('resource', textOf(a, ATTR.resource)),
    ...optional('task', textOf(a, ATTR.taskId)),
    ...optional('session', sessionOf(a)),
    ...optional('link', textOf(a, ATTR.linkHash)),
  }
  const id = createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
  return { kind: 'movement', id, facts }
}

export function movementPlace(log: DecodedLog): MovementPlace {
  return { traceId: log.traceId ?? '', spanId: log.spanId ?? '', startNs: log.timeNs }
}
