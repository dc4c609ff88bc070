import {
  type Context,
  context,
  defaultTextMapSetter,
  isSpanContextValid,
  propagation,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import type { SpanIds } from '../evidence/event.ts'

/**
 * The trace context to send along, in the form of W3C Trace Context. Where no propagator is
 * registered the ids of our own call are sent, so that the other side still joins its trace.
 */
export function injectedContext(ids: SpanIds): Readonly<Record<string, string>> {
  const carrier: Record<string, string> = {}
  try {
    propagation.inject(context.active(), carrier, defaultTextMapSetter)
  } catch {
    // A propagator that throws must not keep the call back.
  }
  return 'traceparent' in carrier
    ? carrier
    : { ...carrier, traceparent: `00-${ids.traceId}-${ids.spanId}-01` }
}

/** The context that a caller sent; the ambient one where it sent none. */
export function extractedContext(carrier: Readonly<Record<string, unknown>>): Context {
  const ambient = context.active()
  const texts = Object.fromEntries(
    ['traceparent', 'tracestate', 'baggage'].flatMap((key) => {
      const value = carrier[key]
      return typeof value === 'string' && value.length <= 8192 ? [[key, value]] : []
    }),
  )
  try {
    const extracted = propagation.extract(ambient, texts)
    if (trace.getSpanContext(extracted) !== trace.getSpanContext(ambient)) return extracted
  } catch {
    // As above.
  }
  return readByHand(ambient, texts['traceparent'])
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

function readByHand(ambient: Context, traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined) return ambient
  const traceFlags = flags === '00' ? TraceFlags.NONE : TraceFlags.SAMPLED
  const sent = { traceId, spanId, traceFlags, isRemote: true }
  return isSpanContextValid(sent) ? trace.setSpanContext(ambient, sent) : ambient
}
