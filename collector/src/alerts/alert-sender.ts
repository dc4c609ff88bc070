import { createLane, type Lane } from './lane.ts'
import type { AlertSenderSettings } from './sender-settings.ts'

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
