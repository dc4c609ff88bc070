import type { Meter } from '@opentelemetry/api'
import type { StatusPoller } from '../status/status-poller.ts'
import type { SourceStates } from '../trust/source-states.ts'

/**
 * How fresh the keys are that others keep for us. Sources are named by the trust file.
 *
 * @returns takes the states of a round of asking
 */
export function trustSourceMetrics(
  meter: Meter,
  clock: () => number,
): (states: SourceStates) => void {
  let states: SourceStates = {}
  const up = meter.createObservableGauge('delegraph_trust_source_up', {
    description: '1 where the source of keys answered when it was asked last',
  })
  const age = meter.createObservableGauge('delegraph_trust_source_age_seconds', {
    description: 'Time since the source of keys answered',
  })
  const keys = meter.createObservableGauge('delegraph_trust_source_keys', {
    description: 'Keys of use that the source had when it answered last',
  })
  meter.addBatchObservableCallback(
    (result) => {
      for (const [source, state] of Object.entries(states)) {
        result.observe(up, Number(state.error === undefined), { source })
        if (state.keys !== undefined) result.observe(keys, state.keys, { source })
        if (state.answered === undefined) continue
        result.observe(age, (clock() - Date.parse(state.answered)) / 1000, { source })
      }
    },
    [up, age, keys],
  )
  return (now) => {
    states = now
  }
}

/** How fresh the answers of status lists are. Their addresses are not told: links bring them. */
export function statusListMetrics(meter: Meter, poller: StatusPoller, clock: () => number): void {
  const lists = meter.createObservableGauge('delegraph_status_lists', {
    description: 'Status lists that are followed, by whether the last question was answered',
  })
  const age = meter.createObservableGauge('delegraph_status_list_oldest_age_seconds', {
    description: 'Time since the oldest answer in use was asked for; 0 where no list is followed',
  })
  meter.addBatchObservableCallback(
    (result) => {
      const { answering, failing, oldestAskedAt } = poller.standing
      result.observe(lists, answering, { answered: 'yes' })
      result.observe(lists, failing, { answered: 'no' })
      result.observe(age, oldestAskedAt === undefined ? 0 : clock() / 1000 - oldestAskedAt)
    },
    [lists, age],
  )
}
