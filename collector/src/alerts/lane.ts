import type { GraphNode } from '@delegraph/graph-schema'
import { waitAfter } from './backoff.ts'
import type { Channel, DeliveryResult } from './channel.ts'
import { eventOf, openQueue } from './owed-queue.ts'
import type { AlertOutcome, AlertSenderSettings } from './sender-settings.ts'

/** The loop of one channel. A receiver that is away is asked by one alert at a time. */
export interface Lane {
  /** Resolves when the signal ends it. */
  run(): Promise<void>
  wake(): void
}

/** Longest sleep: a retry that another process wrote, or a clock that jumped, is seen by then. */
const LONGEST_SLEEP = 30_000
const MAX_REFUSALS = 12

export function createLane(
  channel: Channel,
  settings: AlertSenderSettings,
  signal: AbortSignal,
): Lane {
  const { store, clock, onDelivered, onError, backoff = {} } = settings
  const maxRefusals = settings.maxRefusals ?? MAX_REFUSALS
  const queue = openQueue(store, channel.name)
  const refusals = new Map<string, number>()
  let failures = 0
  let pausedUntil = 0
  let news = true
  let wakeUp: (() => void) | undefined

  const sleep = (milliseconds: number): Promise<void> => {
    if (news || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(milliseconds, LONGEST_SLEEP))
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const attempt = async (alert: GraphNode): Promise<void> => {
    const event = await eventOf(alert, store)
    const message = { id: event.id, body: JSON.stringify(event), at: clock() }
    const result = await channel.deliver(message, signal)
    const attempts = Number(alert.columns['attempts'] ?? 0) + 1
    if (result.kind === 'delivered') {
      await finish(alert, 'delivered', attempts)
      failures = 0
      return
    }
    onError(new Error(`alert ${alert.key} on ${channel.name}: ${result.reason}`))
    if (result.kind === 'refused') {
      // Counted apart: an alert that waited long for a receiver is not closer to being given up.
      const refused = (refusals.get(alert.key) ?? 0) + 1
      refusals.set(alert.key, refused)
      if (refused >= maxRefusals) return finish(alert, 'dead', attempts)
    }
    await postpone(alert, attempts, result)
  }

  const finish = async (
    alert: GraphNode,
    outcome: AlertOutcome,
    attempts: number,
  ): Promise<void> => {
    refusals.delete(alert.key)
    // Owed anew while it was under way: the newer message is still to be sent.
    const [now] = await store.find('Alert', 'id', [alert.key])
    if (now?.columns['body'] !== alert.columns['body']) return
    await onDelivered(alert.key, outcome)
    await queue.mark(alert, { state: outcome, attempts })
  }

  const postpone = async (
    alert: GraphNode,
    attempts: number,
    result: Exclude<DeliveryResult, { kind: 'delivered' }>,
  ): Promise<void> => {
    const asked = result.kind === 'later' ? result.retryAfter : undefined
    await queue.mark(alert, {
      attempts,
      nextAttemptAt: clock() + waitAfter(attempts, asked, backoff),
    })
    // It is the receiver that is away, not this alert that is bad: the others wait too.
    if (result.kind === 'later') pause(asked)
  }

  const pause = (asked?: number): void => {
    failures += 1
    pausedUntil = clock() + waitAfter(failures, asked, backoff)
  }

  /** Until the receiver may be asked again; more to send does not make it come back. */
  const sitOut = async (): Promise<void> => {
    news = false
    await sleep(pausedUntil - clock())
    news = true
  }

  /** True where something was attempted. */
  const round = async (now: number): Promise<boolean> => {
    let tried = false
    for await (const alert of queue.due(now)) {
      if (signal.aborted || clock() < pausedUntil) return true
      tried = true
      await attempt(alert)
    }
    return tried
  }

  const turn = async (): Promise<void> => {
    if (clock() < pausedUntil) return sitOut()
    news = false
    // One instant for both questions: what falls due between them would be in neither answer.
    const now = clock()
    if (await round(now)) return
    await sleep(await queue.untilNext(now))
  }

  return {
    wake() {
      news = true
      wakeUp?.()
    },
    async run() {
      while (!signal.aborted) {
        try {
          await turn()
        } catch (error) {
          if (signal.aborted) return
          // The journal or the store is away: what was delivered is not known to be, so go slowly.
          onError(error)
          pause()
        }
      }
    },
  }
}
