import { ATTR_EVENT_NAME } from '@delegraph/graph-schema'
import { SDK_NAME, SDK_VERSION } from '../version.ts'
import type { Attributes, AttributeValue, EvidenceEvent } from './event.ts'

/** An `ExportLogsServiceRequest` in the JSON encoding of OTLP 1.11, one log record per event. */
export function encodeLogs(resource: Attributes, events: readonly EvidenceEvent[]): string {
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: keyValues(resource) },
        scopeLogs: [
          {
            scope: { name: SDK_NAME, version: SDK_VERSION },
            logRecords: events.map(logRecord),
          },
        ],
      },
    ],
  })
}

/** Severity INFO of the OpenTelemetry logs data model. */
export const SEVERITY_INFO = { severityNumber: 9, severityText: 'INFO' } as const

function logRecord(event: EvidenceEvent): object {
  const nanoseconds = `${event.time}000000`
  return {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    ...SEVERITY_INFO,
    eventName: event.name,
    body: { stringValue: event.text },
    // Older pipelines know an event's name only as an attribute.
    attributes: keyValues({ ...event.attributes, [ATTR_EVENT_NAME]: event.name }),
    ...event.ids,
  }
}

function keyValues(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'number') return { intValue: String(value) }
  return { arrayValue: { values: value.map(anyValue) } }
}
