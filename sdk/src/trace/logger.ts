import { context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import type { EvidenceEvent } from '../evidence/event.ts'
import { SEVERITY_INFO } from '../evidence/otlp-json.ts'

/**
 * The part of an OpenTelemetry logger that evidence needs; those of `@opentelemetry/api-logs`
 * (2.x) and of `@opentelemetry/api` 1.10 (3.x) both fit.
 */
export interface EvidenceLogger {
  emit(record: {
    readonly eventName: string
    readonly timestamp: number
    readonly severityNumber: number
    readonly severityText: string
    readonly body: string
    readonly attributes: Record<string, string | number | string[]>
    readonly context: ReturnType<typeof context.active>
  }): void
}

/** The signed text goes into the body: limits on value length cut attributes, and not the body. */
export function emitTo(logger: EvidenceLogger, event: EvidenceEvent): void {
  const attributes: Record<string, string | number | string[]> = { 'event.name': event.name }
  for (const [key, value] of Object.entries(event.attributes))
    attributes[key] = typeof value === 'object' ? [...value] : value
  logger.emit({
    eventName: event.name,
    timestamp: event.time,
    ...SEVERITY_INFO,
    body: event.text,
    attributes,
    context:
      event.ids === undefined
        ? context.active()
        : trace.setSpanContext(ROOT_CONTEXT, { ...event.ids, traceFlags: TraceFlags.SAMPLED }),
  })
}
