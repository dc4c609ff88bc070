import type { RateLimit } from './channel.ts'

/** How many new alerts of each rule a channel had in the time that its limit looks back. */
export interface RateCap {
  /** Time from which one more is in order, where none is now; epoch milliseconds. */
  fullUntil(rule: string, now: number): number | undefined
  count(rule: string, at: number): void
}

/** A cap that knows of what was delivered before. */
export function createRateCap(
  limit: RateLimit,
  before: readonly { readonly rule: string; readonly at: number }[],
): RateCap {
  const length = limit.seconds * 1000
  const times = new Map<string, number[]>()
  const count = (rule: string, at: number): void => {
    times.set(rule, [...(times.get(rule) ?? []), at].slice(-limit.count))
  }
  for (const { rule, at } of before.toSorted((a, b) => a.at - b.at)) count(rule, at)
  return {
    fullUntil(rule, now) {
      const recent = (times.get(rule) ?? []).filter((at) => at > now - length)
      const first = recent[0]
      return recent.length < limit.count || first === undefined ? undefined : first + length
    },
    count,
  }
}
