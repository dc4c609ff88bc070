import type { Meter } from '@opentelemetry/api'
import type { LastRun } from '../retention/state.ts'

/**
 * What was trimmed, and when somebody tried last.
 *
 * @param last the last run that ended, of this process or of one before
 * @returns takes a run that ended
 */
export function retentionMetrics(
  meter: Meter,
  last: () => LastRun | undefined,
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
    description: 'When the last run began that was neither refused nor failed',
  })
  let good: number | undefined
  at.addCallback((result) => {
    const run = last()
    if (run !== undefined && isGood(run)) good = run.at
    if (good !== undefined) result.observe(good / 1000)
  })
  return (run) => {
    bodies.add(run.bodies)
    bytes.add(run.bytes)
    runs.add(1, { outcome: run.outcome })
    if (isGood(run)) good = run.at
  }
}

function isGood({ outcome }: LastRun): boolean {
  return outcome === 'trimmed' || outcome === 'nothing'
}
