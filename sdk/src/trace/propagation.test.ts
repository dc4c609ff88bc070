import { isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { describe, expect, test } from 'vitest'
import { extractedContext, injectedContext } from './propagation.ts'

/** No OpenTelemetry SDK is registered in this file, and so no propagator. */
const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }

describe('without a propagator', () => {
  test('the ids of our own call travel, and arrive', () => {
    const carrier = injectedContext(ids)
    expect(carrier).toEqual({ traceparent: `00-${ids.traceId}-${ids.spanId}-01` })
    expect(trace.getSpanContext(extractedContext(carrier))).toEqual({
      ...ids,
      traceFlags: 1,
      isRemote: true,
    })
  })

  test.each([
    ['nothing', {}],
    ['no text', { traceparent: 7 }],
    ['too long a text', { traceparent: `00-${'a'.repeat(9000)}` }],
    ['another version', { traceparent: `01-${ids.traceId}-${ids.spanId}-01` }],
    ['zero ids', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
    ['capital letters', { traceparent: `00-${'A'.repeat(32)}-${ids.spanId}-01` }],
  ])('%s leaves the ambient context in place', (_name, carrier) => {
    const found = trace.getSpanContext(extractedContext(carrier))
    expect(found === undefined || !isSpanContextValid(found)).toBe(true)
    expect(extractedContext(carrier)).toBe(ROOT_CONTEXT)
  })
})
