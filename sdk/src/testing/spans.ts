import { ATTR } from '@delegraph/graph-schema'
import { NodeSDK } from '@opentelemetry/sdk-node'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanLimits,
} from '@opentelemetry/sdk-trace'

export interface RecordedSpans {
  readonly spans: readonly ReadableSpan[]
  /** Spans that are calls of tools. */
  readonly calls: readonly ReadableSpan[]
  reset(): void
  shutdown(): Promise<void>
}

/** Registers a real OpenTelemetry SDK of the 3.x line that keeps its spans in memory. */
export function recordSpans(spanLimits?: SpanLimits): RecordedSpans {
  const exporter = new InMemorySpanExporter()
  const sdk = new NodeSDK({
    autoDetectResources: false,
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    logRecordProcessors: [],
    metricReaders: [],
    ...(spanLimits === undefined ? {} : { spanLimits }),
  })
  sdk.start()
  return {
    get spans() {
      return exporter.getFinishedSpans()
    },
    get calls() {
      return exporter.getFinishedSpans().filter((span) => span.attributes[ATTR.tool] !== undefined)
    },
    reset: () => exporter.reset(),
    shutdown: () => sdk.shutdown(),
  }
}
