import type { Config } from '../../config.ts'
import { OVERDUE } from '../../retention/schedule.ts'
import { type RetentionState, readRetentionState } from '../../retention/state.ts'
import { type Check, ok, warning } from './check.ts'

/** Whether evidence is trimmed as it was configured, and how the last run went. */
export async function retentionCheck(
  { data, retention: { days, at } }: Pick<Config, 'data' | 'retention'>,
  now: number,
): Promise<Check> {
  const { last, good, compacting } = await readRetentionState(data)
  const when = last === undefined ? undefined : new Date(last.at).toISOString()
  if (last?.outcome === 'refused' || last?.outcome === 'failed') {
    const says = `the run of ${when} trimmed nothing: ${last.message ?? 'it does not say why'}`
    return warning('retention', says, 'docs/operating.md says what that means')
  }
  if (at !== undefined && good !== undefined && now - good > OVERDUE) {
    const says = `is to run each day at ${at} UTC, and the last run was that of ${when}`
    return warning('retention', says, 'see that a collector runs here at that time, and its log')
  }
  if (compacting === true) {
    return ok('retention', 'what was trimmed is being taken off the disk, or at the next start')
  }
  return ok('retention', `${plan(days, at)}; ${result(last, when)}`)
}

function plan(days: number | undefined, at: string | undefined): string {
  if (days === undefined) return 'nothing is trimmed unless somebody says so'
  const who = at === undefined ? 'when "delegraph retention run" says so' : `each day at ${at} UTC`
  return `evidence older than ${days} days is trimmed ${who}`
}

function result(last: RetentionState['last'], when: string | undefined): string {
  if (last === undefined) return 'no run yet'
  return `the last run was that of ${when}, of ${last.bodies} bodies`
}
