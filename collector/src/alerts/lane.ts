import type { GraphNode } from '@delegraph/graph-schema'
import { waitAfter } from './backoff.ts'
import type { AlertMessage, Channel, DeliveryResult } from './channel.ts'
import { closing, type GroupState, nextStep, settle } from './group-state.ts'
import { messageOf, suppressedMessage } from './message.ts'
import { openFindings } from './open-findings.ts'
import type { AlertOutcome } from './outbox.ts'
import { openQueue } from './owed-queue.ts'
import { createRateCap, type RateCap } from './rate-cap.ts'
import type { AlertSenderSettings } from './sender-settings.ts'
import { countEnd, countNode, type StandingCount, standingCounts } from './standing-count.ts'
import { rememberUnanswered } from './unanswered.ts'

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
  const { store, clock, onOutcome, onError, backoff = {} } = settings
  const maxRefusals = settings.maxRefusals ?? MAX_REFUSALS
  const queue = openQueue(store, channel.name)
  const unanswered = rememberUnanswered()
  const refusals = new Map<string, number>()
  let cap: RateCap | undefined
  let refreshAt = 0
  let failures = 0
  let pausedUntil = 0
  let news = true
  let wakeUp: (() => void) | undefined

  const sleep = (milliseconds: number): Promise<void> => {
    if (news || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(Math.max(milliseconds, 1), LONGEST_SLEEP))
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** True where the next alert of the group may follow. */
  const attempt = async (alert: GraphNode, state: GroupState): Promise<boolean> => {
    const step = nextStep(state, alert, channel)
    if (step !== 'send') {
      await queue.mark([alert], { state: step })
      if (step === 'superseded') queue.forget(String(alert.columns['group']))
      else settle(state, alert, step)
      return true
    }
    const opens = state.told === undefined && !closing(alert)
    const full = opens ? cap?.fullUntil(ruleOf(alert), clock()) : undefined
    if (full !== undefined) {
      await queue.mark([alert], { state: 'held', nextAttemptAt: full })
      settle(state, alert, 'held')
      return true
    }
    const at = clock()
    const message = await unanswered.message(alert, at, () =>
      messageOf(alert, state, { ...settings, detail: channel.proof, at }),
    )
    const outcome = await send(message, [alert], alert)
    // It was owed anew while it was under way: the receiver heard this one all the same.
    if (outcome === 'outdated') queue.forget(String(alert.columns['group']))
    if (outcome === undefined || outcome === 'outdated') return false
    unanswered.forget(alert)
    settle(state, alert, outcome)
    if (opens && outcome === 'delivered') cap?.count(ruleOf(alert), clock())
    return true
  }

  /** What became of them for good; undefined where it is to be tried again. */
  const send = async (
    message: AlertMessage,
    alerts: readonly GraphNode[],
    first: GraphNode,
  ): Promise<AlertOutcome | 'outdated' | undefined> => {
    const attempts = Number(first.columns['attempts'] ?? 0) + 1
    const result = await channel.deliver(message, signal)
    if (result.kind === 'delivered') {
      const counted = message.kind === 'suppressed' && !message.closes
      const outcome = counted ? 'suppressed' : 'delivered'
      if (!(await finish(alerts, outcome, attempts))) {
        await hear(alerts, outcome)
        return 'outdated'
      }
      failures = 0
      return outcome
    }
    onError(new Error(`alert ${first.key} on ${channel.name}: ${result.reason}`))
    if (result.kind === 'refused') {
      // Counted apart: an alert that waited long for a receiver is not closer to being given up.
      const refused = (refusals.get(first.key) ?? 0) + 1
      refusals.set(first.key, refused)
      if (refused >= maxRefusals && (await finish(alerts, 'dead', attempts, result.reason))) {
        return 'dead'
      }
    }
    await postpone(alerts, attempts, result)
    return undefined
  }

  /** False where one was owed anew while it was under way: the newer message is still to be sent. */
  const finish = async (
    alerts: readonly GraphNode[],
    outcome: AlertOutcome,
    attempts: number,
    error = '',
  ): Promise<boolean> => {
    for (const { key } of alerts) refusals.delete(key)
    const keys = alerts.map(({ key }) => key)
    const now = new Map((await store.find('Alert', 'id', keys)).map((node) => [node.key, node]))
    const same = alerts.filter(
      ({ key, columns }) => now.get(key)?.columns['body'] === columns['body'],
    )
    if (same.length === 0) return false
    const recordedAs = await record(same, outcome)
    const failed = error === '' ? {} : { failedAt: clock() }
    const recorded = { recordedAs, recordedState: outcome }
    const done = { state: outcome, attempts, error, deliveredAt: clock(), ...recorded }
    await queue.mark(same, { ...done, ...failed })
    return true
  }

  /** Of a count, also that it stands, where the receiver keeps it: in one record, so that neither is known alone. */
  const record = async (alerts: readonly GraphNode[], outcome: AlertOutcome): Promise<number> => {
    const [first] = alerts
    if (outcome !== 'suppressed' || channel.endsCounts !== true || first === undefined) {
      return onOutcome(alerts, outcome)
    }
    const count = countNode(channel.name, ruleOf(first))
    const recordedAs = await onOutcome([...alerts, count], outcome)
    const recorded = { recordedAs, recordedState: outcome }
    const stands = { state: outcome, attempts: 0, nextAttemptAt: 0, deliveredAt: clock() }
    const columns = { ...count.columns, ...stands, ...recorded }
    await store.write({ nodes: [{ ...count, columns }], edges: [] })
    return recordedAs
  }

  /** Writes down what the receiver heard of alerts that stay owed, since there is news of them. */
  const hear = async (alerts: readonly GraphNode[], outcome: AlertOutcome): Promise<void> => {
    const recordedAs = await record(alerts, outcome)
    await queue.mark(alerts, { recordedAs, recordedState: outcome })
  }

  const postpone = async (
    alerts: readonly GraphNode[],
    attempts: number,
    result: Exclude<DeliveryResult, { kind: 'delivered' }>,
  ): Promise<void> => {
    const asked = result.kind === 'later' ? result.retryAfter : undefined
    await queue.mark(alerts, {
      attempts,
      nextAttemptAt: clock() + waitAfter(attempts, asked, backoff),
      error: result.reason,
      failedAt: clock(),
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

  const held = (): boolean => signal.aborted || clock() < pausedUntil

  /** True where something was attempted. */
  const round = async (now: number): Promise<boolean> => {
    let tried = false
    for (const [rule, alerts] of await queue.heldDue(now)) {
      const [first] = alerts
      if (first === undefined || held()) return true
      tried = true
      await send(suppressedMessage(rule, alerts, clock()), alerts, first)
    }
    for await (const group of queue.groupsDue(now)) {
      for (const alert of await queue.owedOf(group)) {
        if (held()) return true
        // The older alert of a group is waited for.
        if (Number(alert.columns['nextAttemptAt']) > now) break
        tried = true
        if (!(await attempt(alert, await queue.stateOf(group)))) break
      }
    }
    return tried
  }

  /** Tells the end of what was counted, once nothing more was for as long as the limit looks back. */
  const endCounts = async (counts: readonly StandingCount[], now: number): Promise<boolean> => {
    let tried = false
    for (const count of counts) {
      if (count.endsAt > now || (await queue.holds(count.rule))) continue
      if (held()) return true
      tried = true
      await send(countEnd(count, clock()), [count.node], count.node)
    }
    return tried
  }

  const standing = async () =>
    channel.endsCounts === true
      ? standingCounts(store, channel.name, (channel.limit?.seconds ?? 0) * 1000)
      : []

  const refresh = async (now: number): Promise<void> => {
    if (channel.refresh === undefined || now < refreshAt) return
    refreshAt = now + channel.refresh.every
    const result = await channel.refresh.send(await openFindings(store, channel), now, signal)
    if (result.kind === 'delivered') {
      failures = 0
      return
    }
    onError(new Error(`open findings on ${channel.name}: ${result.reason}`))
    if (result.kind === 'refused') return
    refreshAt = now
    pause(result.retryAfter)
  }

  const turn = async (): Promise<void> => {
    if (clock() < pausedUntil) return sitOut()
    news = false
    // One instant for both questions: what falls due between them would be in neither answer.
    const now = clock()
    await refresh(now)
    if (held()) return
    if (await round(now)) return
    const counts = await standing()
    if (await endCounts(counts, now)) return
    const untilRefresh = channel.refresh === undefined ? Number.POSITIVE_INFINITY : refreshAt - now
    const untilEnds = counts.map(({ endsAt }) => endsAt - now).filter((wait) => wait > 0)
    await sleep(Math.min(await queue.untilNext(now), untilRefresh, ...untilEnds))
  }

  const prepare = async (): Promise<void> => {
    if (channel.limit === undefined || cap !== undefined) return
    const before = await queue.deliveredSince(clock() - channel.limit.seconds * 1000)
    const opened = before.filter(
      (alert) =>
        alert.columns['finding'] !== undefined &&
        !closing(alert) &&
        alert.columns['change'] !== 'updated',
    )
    cap = createRateCap(
      channel.limit,
      opened.map((alert) => ({ rule: ruleOf(alert), at: Number(alert.columns['deliveredAt']) })),
    )
  }

  return {
    wake() {
      news = true
      wakeUp?.()
    },
    async run() {
      while (!signal.aborted) {
        try {
          await prepare()
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

function ruleOf(alert: GraphNode): string {
  return String(alert.columns['rule'])
}
