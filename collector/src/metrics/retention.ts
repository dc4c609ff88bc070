import type { Meter } from '@opentelemetry/api'
import type { LastRun } from '../retention/state.ts'

const OUTCOMES: readonly LastRun['outcome'][] = ['trimmed', 'nothing', 'refused', 'failed']

/**
 * What was trimmed, and when.
 *
 * @returns takes a run that ended
 */
export function retentionMetrics(
  meter: Meter,
  standing: () => { readonly lastGood: number | undefined; readonly isOverdue: boolean },
): (run: LastRun) => void {
  const bodies = meter.createCounter('delegraph_retention_trimmed_bodies', {
    description: 'Bodies that were trimmed',
  })
  const bytes = meter.createCounter('delegraph_retention_trimmed_bytes', {
    description: 'Bytes of these bodies, as they had come',
  })
  const runs = meter.createCounter('delegraph_retention_runs', {
    description: 'Runs that ended: trimmed, nothing (to trim), refused or failed',
  })
  const at = meter.createObservableGauge('delegraph_retention_last_run_timestamp_seconds', {
    description: 'When the last run began that was neither refused nor failed; absent before one',
  })
  const overdue = meter.createObservableGauge('delegraph_retention_overdue', {
    description: '1 where a daily run is configured and none came to its end for two days',
  })
  meter.addBatchObservableCallback(
    (result) => {
      const { lastGood, isOverdue } = standing()
      if (lastGood !== undefined) result.observe(at, lastGood / 1000)
      result.observe(overdue, Number(isOverdue))
    },
    [at, overdue],
  )
  // A series that begins with its first event has no increase.
  bodies.add(0)
  bytes.add(0)
  for (const outcome of OUTCOMES) runs.add(0, { outcome })
  return (run) => {
    bodies.add(run.bodies)
    bytes.add(run.bytes)
    runs.add(1, { outcome: run.outcome })
  }
}
