import { DETECTORS } from '@delegraph/graph-schema'
import type { Meter } from '@opentelemetry/api'
import { SEVERITY_NAMES } from '../findings/severity-names.ts'
import type { GraphStore } from '../graph/index.ts'
import { atMostEvery } from './at-most-every.ts'

/** Findings of one rule and severity that are counted at most. */
const MOST = 10_000

/** Open findings by rule and severity, counted in the graph at a scrape. */
export function openFindingMetrics(meter: Meter, store: GraphStore): void {
  const count = atMostEvery(() => openFindings(store))
  meter
    .createObservableGauge('delegraph_findings_open', {
      description: 'Open findings by rule and severity, at most 10,000 of each',
    })
    .addCallback(async (result) => {
      for (const { rule, severity, open } of await count()) result.observe(open, { rule, severity })
    })
}

async function openFindings(store: GraphStore) {
  const found: { readonly rule: string; readonly severity: string; readonly open: number }[] = []
  for (const rule of Object.keys(DETECTORS)) {
    const open = { rule: [rule], state: ['open'] }
    if ((await store.count('Finding', { equals: open }, 1)) === 0) continue
    for (const [i, severity] of SEVERITY_NAMES.entries()) {
      const equals = { ...open, severity: [i + 1] }
      found.push({ rule, severity, open: await store.count('Finding', { equals }, MOST) })
    }
  }
  return found
}
