import type { GraphStore } from '../graph/index.ts'
import type { Backoff } from './backoff.ts'
import type { Channel } from './channel.ts'

/** What became of an alert for good. */
export type AlertOutcome = 'delivered' | 'dead'

export interface AlertSenderSettings {
  readonly store: GraphStore
  readonly channels: readonly Channel[]
  /** Epoch milliseconds. */
  readonly clock: () => number
  /**
   * Makes the outcome durable; the graph is marked only after it resolves. It may be called twice
   * for one alert, after a crash or where it failed.
   */
  readonly onDelivered: (alert: string, outcome: AlertOutcome) => Promise<void>
  /** Told of each attempt that failed, and of a store that does not answer. Holds no secret. */
  readonly onError: (error: unknown) => void
  readonly backoff?: Backoff
  /** How often a receiver may refuse an alert before it is given up; 12 where absent. */
  readonly maxRefusals?: number
}
