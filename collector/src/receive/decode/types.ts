/** An OTLP attribute value, OpenTelemetry proto `AnyValue`; 64-bit integers are numbers when safe. */
export type AttributeValue =
  | string
  | boolean
  | number
  | bigint
  | Uint8Array
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }

export interface DecodedSpan {
  /** 32 lower-case hex digits; empty where the span has none that is valid. */
  readonly traceId: string
  /** 16 lower-case hex digits; empty where the span has none that is valid. */
  readonly spanId: string
  readonly parentSpanId?: string
  /** Missing, all zero, or of the wrong length. */
  readonly idsInvalid: boolean
  readonly name: string
  /** SpanKind of the proto: 3 is client. */
  readonly kind: number
  readonly startNs: bigint
  readonly endNs: bigint
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number
  /** Only the attributes that were asked for; of a repeated key the last. No prototype. */
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

export interface DecodedLog {
  readonly traceId?: string
  readonly spanId?: string
  readonly eventName?: string
  readonly body?: AttributeValue
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

export interface Decoded {
  readonly spans: readonly DecodedSpan[]
  readonly logs: readonly DecodedLog[]
}

/** Key prefixes of the attributes that are wanted. A span without any is not materialised. */
export type Wanted = readonly string[]

export type Signal = 'traces' | 'logs'

/** The only error that leaves a decoder. */
export class OtlpDecodeError extends Error {
  override readonly name = 'OtlpDecodeError'
  /** Byte offset in a protobuf body; -1 for JSON. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Deepest nesting of arrays and maps in an attribute value. */
export const MAX_VALUE_DEPTH = 32
