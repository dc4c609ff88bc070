import { context, propagation, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { reportTo } from './report-to.ts'

/**
 * OpenTelemetry as any service sets it up: spans go to the collector by OTLP over HTTP, and to the address in
 * `DEMO_TRACES_TO` as well, where people look at traces. Ended, it makes room for the next one in the same process.
 */
export function startTelemetry(
  collector: string,
  serviceName = 'approval-riding',
): AsyncDisposable {
  const sdk = new NodeSDK({
    serviceName,
    traceExporter: exporterTo(collector),
    instrumentations: [],
  })
  sdk.start()
  return {
    async [Symbol.asyncDispose]() {
      await sdk.shutdown()
      for (const api of [trace, context, propagation]) api.disable()
    },
  }
}

function exporterTo(collector: string): OTLPTraceExporter {
  const { headers = {} } = reportTo(collector)
  const own = { url: `${collector}/v1/traces`, headers }
  const also = process.env['DEMO_TRACES_TO'] ?? ''
  return also === '' ? new OTLPTraceExporter(own) : new ExporterToTwo(own, `${also}/v1/traces`)
}

type Exported = Parameters<OTLPTraceExporter['export']>

/** Sends the same spans to a second address; what becomes of them there changes nothing here. */
class ExporterToTwo extends OTLPTraceExporter {
  readonly #also: OTLPTraceExporter

  constructor(own: ConstructorParameters<typeof OTLPTraceExporter>[0], also: string) {
    super(own)
    this.#also = new OTLPTraceExporter({ url: also })
  }

  override export(...[spans, done]: Exported): void {
    this.#also.export(spans, () => {})
    super.export(spans, done)
  }

  override async shutdown(): Promise<void> {
    await Promise.allSettled([this.#also.shutdown(), super.shutdown()])
  }
}
