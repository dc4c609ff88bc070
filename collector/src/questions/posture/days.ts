/** A day in UTC, epoch milliseconds: from its beginning, and up to and without its end. */
export interface Day {
  readonly from: number
  readonly until: number
}

const DAY = 86_400_000

/** The last days, oldest first; the last one goes on until now, which belongs to it. */
export function lastDays(count: number, now: number): Day[] {
  const today = Math.floor(now / DAY) * DAY
  return Array.from({ length: count }, (_, i) => {
    const from = today - (count - 1 - i) * DAY
    return { from, until: Math.min(from + DAY, now + 1) }
  })
}
