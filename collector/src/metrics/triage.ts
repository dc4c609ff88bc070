import type { Meter } from '@opentelemetry/api'
import { SEVERITY_NAMES } from '../findings/severity-names.ts'
import type { GraphStore } from '../graph/index.ts'
import { timeToTriage } from '../questions/posture/time-to-triage.ts'
import { atMostEvery } from './at-most-every.ts'

const THIRTY_DAYS = 30 * 86_400_000

/** How long findings wait for somebody. What is not known has no series: it is no zero. */
export function triageMetrics(meter: Meter, store: GraphStore, clock: () => number): void {
  const look = atMostEvery(async () => ({
    oldest: await oldestUntriaged(store),
    median: (await timeToTriage(store, clock() - THIRTY_DAYS)).medianSeconds,
  }))
  const oldest = meter.createObservableGauge('delegraph_findings_oldest_untriaged_seconds', {
    description: 'Age of the oldest open finding that nobody has looked at, by severity',
  })
  const median = meter.createObservableGauge('delegraph_time_to_triage_median_seconds', {
    description:
      'Median time from a finding to the first word about it, of 30 days and 500 at most; absent where nothing was said',
  })
  meter.addBatchObservableCallback(
    async (result) => {
      const found = await look()
      for (const { severity, raisedAt } of found.oldest)
        result.observe(oldest, Math.max(0, clock() - raisedAt) / 1000, { severity })
      if (found.median !== undefined) result.observe(median, found.median)
    },
    [oldest, median],
  )
}

async function oldestUntriaged(store: GraphStore) {
  const found: { readonly severity: string; readonly raisedAt: number }[] = []
  for (const [i, severity] of SEVERITY_NAMES.entries()) {
    const equals = { state: ['open'], triage: ['new'], suppressed: [false], severity: [i + 1] }
    const [oldest] = await store.page({
      ...{ kind: 'Finding', where: { equals }, orderBy: 'raisedAt', direction: 'asc', limit: 1 },
    })
    const raisedAt = oldest?.columns['raisedAt']
    if (typeof raisedAt === 'number') found.push({ severity, raisedAt })
  }
  return found
}
