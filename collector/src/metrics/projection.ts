import type { Meter } from '@opentelemetry/api'
import { severityName } from '../findings/severity-names.ts'
import type { ProjectorObserver } from '../project/projector.ts'
import { BUCKETS, inSeconds } from './buckets.ts'

/** How evidence comes into the graph, and what is found in it. */
export function projectionMetrics(meter: Meter): ProjectorObserver {
  const items = meter.createCounter('delegraph_evidence_items', {
    description: 'Items of evidence read from the journal, also again, by kind',
  })
  const wait = meter.createHistogram(
    'delegraph_received_to_graph_seconds',
    inSeconds(
      'Time from receiving a body to its evidence being judged and in the graph',
      BUCKETS.wait,
    ),
  )
  const changes = meter.createCounter('delegraph_finding_changes', {
    description: 'Findings opened, updated, withdrawn and reopened, by rule and severity',
  })
  const failures = meter.createCounter('delegraph_projection_failures', {
    description:
      'Times that the graph could not follow the journal: a store that is away, or evidence that cannot be read or judged',
  })
  // From the beginning, or the first one would be no increase.
  failures.add(0)
  return {
    item: (kind) => items.add(1, { kind }),
    inGraph: (milliseconds) => wait.record(Math.max(0, milliseconds) / 1000),
    changed(all) {
      for (const { change, finding, before } of all) {
        const rule = finding?.rule ?? String(before?.columns['rule'] ?? 'unknown')
        const level = finding?.severity ?? Number(before?.columns['severity'] ?? 1)
        changes.add(1, { change, rule, severity: severityName(level) })
      }
    },
    failed: () => failures.add(1),
  }
}

/** How far the graph is behind, asked at each scrape. */
export function lagMetrics(
  meter: Meter,
  lag: { readonly records: () => number; readonly seconds: () => number },
): void {
  meter
    .createObservableGauge('delegraph_projection_lag_records', {
      description: 'Journal records that are not in the graph yet',
    })
    .addCallback((result) => result.observe(lag.records()))
  meter
    .createObservableGauge('delegraph_projection_lag_seconds', {
      description:
        'Age of the oldest journal record that is not in the graph yet; 0 where none waits',
    })
    .addCallback((result) => result.observe(lag.seconds()))
}
