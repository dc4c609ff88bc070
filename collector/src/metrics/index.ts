import type { Meter } from '@opentelemetry/api'
import type { GraphStore } from '../graph/index.ts'
import type { Journal } from '../journal/index.ts'
import { coverageMetrics } from './coverage.ts'
import { openFindingMetrics } from './findings.ts'
import { journalMetrics } from './journal.ts'
import { triageMetrics } from './triage.ts'

export { type AlertMetrics, alertMetrics } from './alerts.ts'
export { mergedPage } from './merged-page.ts'
export { type MetricsPage, openMetricsPage } from './meter.ts'
export { processMetrics } from './process.ts'
export { lagMetrics, projectionMetrics } from './projection.ts'
export { rateMetrics } from './rate.ts'
export { readyMetrics } from './ready.ts'
export { receiverMetrics } from './receiver.ts'
export { retentionMetrics } from './retention.ts'
export { statusListMetrics, trustSourceMetrics } from './sources.ts'
export { measuredStore } from './store.ts'
export { subscriptionMetrics } from './subscriptions.ts'
export { measuredMemo } from './verification.ts'

/** What is asked of the journal and of the graph at each scrape. */
export function storedMetrics(
  meter: Meter,
  journal: Journal,
  store: GraphStore,
  clock: () => number,
): void {
  journalMetrics(meter, journal)
  triageMetrics(meter, store, clock)
  openFindingMetrics(meter, store)
  coverageMetrics(meter, store)
}
