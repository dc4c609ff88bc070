import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

export interface SpanRecorder {
  /** What ended since the last time. */
  take(): ReadableSpan[]
}

/** A real OpenTelemetry SDK that keeps its spans. */
export function recordSpans(): SpanRecorder {
  let spans: ReadableSpan[] = []
  const processor: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => void spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const provider = new TracerProvider({ spanProcessors: [processor] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return {
    take() {
      const taken = spans
      spans = []
      return taken
    },
  }
}
