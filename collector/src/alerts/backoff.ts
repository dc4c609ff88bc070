export interface Backoff {
  /** Milliseconds before the second attempt, 1,000 where absent. */
  readonly first?: number
  /** The longest wait, milliseconds, 15 minutes where absent. */
  readonly longest?: number
  /** 0 to 1; `Math.random` where absent. */
  readonly random?: () => number
}

/**
 * Milliseconds to wait after the `failures`th failure in a row: doubled each time, and taken back by
 * up to half at random, so that senders that failed together do not come back together. What the
 * receiver asked for is waited for in any case.
 */
export function waitAfter(failures: number, asked: number | undefined, backoff: Backoff): number {
  const { first = 1_000, longest = 900_000, random = Math.random } = backoff
  const full = Math.min(first * 2 ** Math.min(failures - 1, 30), longest)
  return Math.max(Math.round(full * (0.5 + random() / 2)), asked ?? 0)
}
