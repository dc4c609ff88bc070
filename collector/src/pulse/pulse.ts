import type { LinkMemo } from '@delegraph/link'

/** What went through a collector in the last seconds, and what waits. */
export interface Pulse {
  /** How many seconds the counts are about, up to now. */
  readonly seconds: number
  readonly linksVerified: number
  /** Of them those that do not hold. */
  readonly linksFailed: number
  readonly lagRecords: number
  readonly lagSeconds: number
}

export interface PulseCounter {
  now(): Pulse
  /** A memo that counts what is verified: whatever it did not know. */
  watch(memo: LinkMemo): LinkMemo
}

interface Lag {
  /** Journal records that are not in the graph yet. */
  readonly records: () => number
  /** How long the oldest of them waits. */
  readonly seconds: () => number
}

const WINDOW = 60

/** Counts by the second, and forgets what is older than a minute. */
export function createPulse(clock: () => number, lag: Lag): PulseCounter {
  const counts = new Map<number, { verified: number; failed: number }>()
  const second = (): number => Math.floor(clock() / 1000)
  const forget = (now: number): void => {
    for (const at of counts.keys()) if (at <= now - WINDOW || at > now) counts.delete(at)
  }
  const count = (holds: boolean): void => {
    const now = second()
    const known = counts.get(now)
    if (known === undefined) forget(now)
    const own = known ?? { verified: 0, failed: 0 }
    own.verified += 1
    if (!holds) own.failed += 1
    counts.set(now, own)
  }
  return {
    now() {
      forget(second())
      const all = [...counts.values()]
      return {
        seconds: WINDOW,
        linksVerified: all.reduce((sum, { verified }) => sum + verified, 0),
        linksFailed: all.reduce((sum, { failed }) => sum + failed, 0),
        lagRecords: Math.max(0, lag.records()),
        lagSeconds: Math.max(0, lag.seconds()),
      }
    },
    watch: (memo) => ({
      get size() {
        return memo.size
      },
      get: (lineage) => memo.get(lineage),
      set(lineage, verdict) {
        count(verdict.outcome.state === 'ok')
        memo.set(lineage, verdict)
      },
    }),
  }
}
