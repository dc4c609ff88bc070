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

/** Attributes by key; of a repeated key the last counts. No prototype. */
export type AttributeMap = Readonly<Record<string, AttributeValue>>

/** What a reader of evidence may want to know about how an item was encoded. */
export type DecodeFlag =
  /** A key that is wanted came more than once. */
  | 'attribute_repeated'
  /** Bytes that are not UTF-8 were replaced by U+FFFD; the journal has them as they came. */
  | 'text_replaced'
  /** More values or span links than one item can need: those beyond are left out. */
  | 'values_cut'

interface DecodedItemBase {
  /** Only the attributes that were asked for. */
  readonly attributes: AttributeMap
  readonly droppedAttributes: number
  /** Name of the instrumentation scope; empty where there is none. */
  readonly scopeName: string
  /** Those resource attributes that were asked for. */
  readonly resource: AttributeMap
  readonly flags: readonly DecodeFlag[]
}

export interface DecodedSpan extends DecodedItemBase {
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
  readonly links: readonly DecodedSpanLink[]
}

/** An OpenTelemetry span link: another span that this one is related to. */
export interface DecodedSpanLink {
  /** Empty where it is not valid. */
  readonly traceId: string
  readonly spanId: string
  readonly attributes: AttributeMap
}

export interface DecodedLog extends DecodedItemBase {
  readonly timeNs: bigint
  readonly observedNs: bigint
  /** SeverityNumber of the proto: 9 is info. */
  readonly severity: number
  readonly traceId?: string
  readonly spanId?: string
  readonly eventName?: string
  readonly body?: AttributeValue
}

export type DecodedItem =
  | { readonly kind: 'span'; readonly span: DecodedSpan }
  | { readonly kind: 'log'; readonly log: DecodedLog }

export interface Decoded {
  readonly spans: readonly DecodedSpan[]
  readonly logs: readonly DecodedLog[]
}

/**
 * Key prefixes of the attributes that are wanted. A span without any is not materialised, nor is a log
 * record without any whose event name has none of the prefixes.
 */
export type Wanted = readonly string[]

export type Signal = 'traces' | 'logs'

/** The only error that leaves a decoder. */
export class OtlpDecodeError extends Error {
  override readonly name = 'OtlpDecodeError'
  /** Byte offset in the (decompressed) body. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}
