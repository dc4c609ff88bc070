import type { EventName } from '@delegraph/graph-schema'

/** Attribute values that every OpenTelemetry line has: no maps. */
export type AttributeValue = string | number | readonly string[]
export type Attributes = Readonly<Record<string, AttributeValue>>

/** Ids of the span that evidence belongs to, lower-case hex. */
export interface SpanIds {
  readonly traceId: string
  readonly spanId: string
}

/** One piece of signed evidence on its way to the collector as a log record. */
export interface EvidenceEvent {
  readonly name: EventName
  /** The signed text; it travels as the body, which no value length limit cuts. */
  readonly text: string
  readonly attributes: Attributes
  readonly ids?: SpanIds | undefined
  /** Epoch milliseconds. */
  readonly time: number
}
