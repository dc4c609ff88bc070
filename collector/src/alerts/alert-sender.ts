import type { GraphStore } from '../graph/index.ts'
import type { Backoff } from './backoff.ts'
import type { Channel } from './channel.ts'
import { createLane, type Lane } from './lane.ts'

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

/**
 * Delivers what is owed, at least once and with a stable message id. What is owed is in the graph and
 * what was delivered in the journal, so a stop at any moment loses nothing; at worst a message that
 * the receiver took, and whose taking was not yet written down, goes out again under its old id.
 *
 * Channels do not wait for each other. Within one, alerts of one finding go in the order learned.
 */
export class AlertSender implements AsyncDisposable {
  readonly #settings: AlertSenderSettings
  readonly #stop = new AbortController()
  #lanes: readonly Lane[] = []
  #running: Promise<unknown> | undefined

  constructor(settings: AlertSenderSettings) {
    this.#settings = settings
  }

  /** Begins to deliver; call it once the graph has caught up with the journal. */
  start(): void {
    if (this.#running !== undefined) return
    const { signal } = this.#stop
    this.#lanes = this.#settings.channels.map((channel) =>
      createLane(channel, this.#settings, signal),
    )
    this.#running = Promise.all(this.#lanes.map((lane) => lane.run()))
  }

  /** Says that alerts may have become owed. */
  notify(): void {
    for (const lane of this.#lanes) lane.wake()
  }

  /** Ends the attempt that is under way and keeps what is owed for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.notify()
    await this.#running
  }
}
