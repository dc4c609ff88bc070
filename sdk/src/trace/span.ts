import { randomBytes } from 'node:crypto'
import {
  type Context,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import type { Attributes, AttributeValue, SpanIds } from '../evidence/event.ts'
import type { Recorder } from '../evidence/recorder.ts'
import { SDK_NAME, SDK_VERSION } from '../version.ts'
import { cutAttribute } from './read-back.ts'

export type Kind = 'internal' | 'client' | 'server'

export interface NewSpan {
  readonly name: string
  readonly kind: Kind
  readonly attributes: Attributes
  /** The context to open it in: see `parentContext`, or that of a caller in another process. */
  readonly parent: Context
  readonly recorder: Recorder
}

/** A span that is there in every case: without an OpenTelemetry SDK it is a pair of fresh ids. */
export interface OpenSpan {
  readonly ids: SpanIds
  /** OpenTelemetry's context with the span in it. */
  readonly context: Context
  set(key: string, value: AttributeValue): void
  end(failed: boolean): void
}

/** Opens a span. Never throws: a tracer that does is counted as a failure. */
export function openSpan(options: NewSpan): OpenSpan {
  const { recorder, parent: above } = options
  const span = attempt(recorder, () => startSpan(options, above))
  const own = span?.spanContext()
  const ids = isOwn(own, above) ? own : freshIds(trace.getSpanContext(above))
  readBack(recorder, span, options.attributes)
  return {
    ids: { traceId: ids.traceId, spanId: ids.spanId },
    context:
      attempt(recorder, () => contextWith(above, ids === own ? span : undefined, ids)) ?? above,
    set: (key, value) =>
      attempt(recorder, () => {
        span?.setAttribute(key, mutable(value))
        readBack(recorder, span, { [key]: value })
      }),
    end: (failed) =>
      attempt(recorder, () => {
        // No message and no exception event: both quote arguments.
        if (failed) span?.setStatus({ code: SpanStatusCode.ERROR })
        span?.end()
      }),
  }
}

function startSpan({ name, kind, attributes }: NewSpan, above: Context): Span {
  const copied = Object.entries(attributes).map(([key, value]) => [key, mutable(value)] as const)
  return trace
    .getTracer(SDK_NAME, SDK_VERSION)
    .startSpan(name, { kind: KINDS[kind], attributes: Object.fromEntries(copied) }, above)
}

/**
 * Without an SDK the API hands back the parent's own context as a span that records nothing. Two
 * calls would then share one id, and one receipt would cover both.
 */
function isOwn(own: SpanContext | undefined, above: Context): own is SpanContext {
  if (own === undefined || !isSpanContextValid(own)) return false
  return own.spanId !== trace.getSpanContext(above)?.spanId
}

function freshIds(above: SpanIds | undefined): SpanIds {
  const traceId = above === undefined || /^0*$/.test(above.traceId) ? undefined : above.traceId
  return {
    traceId: traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
  }
}

function contextWith(above: Context, span: Span | undefined, ids: SpanIds): Context {
  if (span !== undefined) return trace.setSpan(above, span)
  return trace.setSpanContext(above, { ...ids, traceFlags: TraceFlags.SAMPLED })
}

function readBack(recorder: Recorder, span: Span | undefined, attributes: Attributes): void {
  const cut = span === undefined ? undefined : cutAttribute(span, attributes)
  if (cut !== undefined)
    recorder.warn(
      'attribute_cut',
      `the span's limits cut or dropped ${cut}; raise OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT and OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`,
    )
}

function mutable(value: AttributeValue): string | number | string[] {
  return typeof value === 'object' ? [...value] : value
}

function attempt<Result>(recorder: Recorder, run: () => Result): Result | undefined {
  try {
    return run()
  } catch {
    recorder.failed('span_failed', 'the OpenTelemetry tracer threw; spans lack evidence')
    return undefined
  }
}

const KINDS: Readonly<Record<Kind, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
}
