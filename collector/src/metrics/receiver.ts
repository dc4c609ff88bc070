import type { Meter } from '@opentelemetry/api'
import type { ReceiverObserver } from '../receive/index.ts'
import { BUCKETS, inSeconds } from './buckets.ts'

/** Why a sender was refused, by what he was answered. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'unknown_path',
  405: 'method',
  413: 'too_large',
  415: 'unsupported_type',
  429: 'slow_down',
  503: 'not_durable',
}

/** What comes in over OTLP, and what is refused. */
export function receiverMetrics(meter: Meter): ReceiverObserver {
  let inFlight = 0
  const requests = meter.createCounter('delegraph_ingest_requests', {
    description: 'OTLP requests answered, by HTTP status',
  })
  const refused = meter.createCounter('delegraph_ingest_refused', {
    description: 'OTLP requests that were not taken in, by reason',
  })
  const seconds = meter.createHistogram(
    'delegraph_ingest_request_seconds',
    inSeconds(
      'Time from the head of an OTLP request to its answer, the sync included',
      BUCKETS.work,
    ),
  )
  const bodies = meter.createCounter('delegraph_ingest_bodies', {
    description: 'OTLP bodies that are in the journal, by signal',
  })
  const bytes = meter.createCounter('delegraph_ingest_bytes', {
    description: 'Bytes of these bodies as they came over the wire, by signal',
  })
  meter
    .createObservableGauge('delegraph_ingest_in_flight', {
      description: 'OTLP requests that are being taken in now',
    })
    .addCallback((result) => result.observe(inFlight))
  // From the beginning, or the first refusal would be no increase.
  for (const reason of Object.values(REASONS)) refused.add(0, { reason })
  return {
    began() {
      inFlight += 1
    },
    taken(signal, size) {
      bodies.add(1, { signal })
      bytes.add(size, { signal })
    },
    answered(status, milliseconds) {
      inFlight -= 1
      requests.add(1, { status: String(status) })
      seconds.record(milliseconds / 1000)
      if (status !== 200) refused.add(1, { reason: REASONS[status] ?? 'other' })
    },
  }
}
