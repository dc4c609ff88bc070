import type { Meter } from '@opentelemetry/api'
import type { AlertOutcome, Channel } from '../alerts/index.ts'
import type { GraphStore } from '../graph/index.ts'
import { atMostEvery } from './at-most-every.ts'
import { BUCKETS, inSeconds } from './buckets.ts'

const MOST = 10_000
/** States of an alert that say how a channel stands. */
const STANDING = ['owed', 'held', 'dead'] as const

export interface AlertMetrics {
  /** The same channel, with its attempts counted and timed. */
  measured(channel: Channel): Channel
  /** What became of alerts of one channel for good. */
  outcome(channel: string, outcome: AlertOutcome, alerts: number): void
}

/** Whether those who are to be woken are told. Channels are few and named by the configuration. */
export function alertMetrics(
  meter: Meter,
  store: GraphStore,
  channels: readonly { readonly name: string }[],
): AlertMetrics {
  const attempts = meter.createCounter('delegraph_alert_attempts', {
    description: 'Attempts to deliver a message, by channel and result: delivered, later, refused',
  })
  const seconds = meter.createHistogram(
    'delegraph_alert_attempt_seconds',
    inSeconds('Time of one attempt, by channel', BUCKETS.work),
  )
  const outcomes = meter.createCounter('delegraph_alerts', {
    description:
      'Alerts that are done with, by channel: delivered, suppressed (counted in one message), dead',
  })
  // From the beginning, or the first one that is given up would be no increase.
  for (const { name } of channels) outcomes.add(0, { channel: name, outcome: 'dead' })
  const standing = atMostEvery(() =>
    Promise.all(
      channels.flatMap(({ name }) =>
        STANDING.map(async (state) => {
          const equals = { channel: [name], state: [state] }
          return { channel: name, state, count: await store.count('Alert', { equals }, MOST) }
        }),
      ),
    ),
  )
  meter
    .createObservableGauge('delegraph_alerts_standing', {
      description:
        'Alerts that are owed, held back or given up now, by channel; at most 10,000 of each',
    })
    .addCallback(async (result) => {
      for (const { channel, state, count } of await standing()) {
        result.observe(count, { channel, state })
      }
    })
  return {
    measured: (channel) => ({
      ...channel,
      async deliver(message, signal) {
        const before = performance.now()
        const result = await channel.deliver(message, signal)
        attempts.add(1, { channel: channel.name, kind: channel.kind, result: result.kind })
        seconds.record((performance.now() - before) / 1000, { channel: channel.name })
        return result
      },
    }),
    outcome: (channel, outcome, alerts) => outcomes.add(alerts, { channel, outcome }),
  }
}
