import { context, propagation, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'

/**
 * OpenTelemetry as any service sets it up: spans go to the collector by OTLP over HTTP. Ended, it makes room for the
 * next one in the same process.
 */
export function startTelemetry(
  collector: string,
  serviceName = 'approval-riding',
): AsyncDisposable {
  const sdk = new NodeSDK({
    serviceName,
    traceExporter: new OTLPTraceExporter({ url: `${collector}/v1/traces` }),
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
