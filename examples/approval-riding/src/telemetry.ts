import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'

/** OpenTelemetry as any service sets it up: spans go to the collector by OTLP over HTTP. */
export function startTelemetry(collector: string): AsyncDisposable {
  const sdk = new NodeSDK({
    serviceName: 'approval-riding',
    traceExporter: new OTLPTraceExporter({ url: `${collector}/v1/traces` }),
    instrumentations: [],
  })
  sdk.start()
  return { [Symbol.asyncDispose]: () => sdk.shutdown() }
}
