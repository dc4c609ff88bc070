import type { Event } from '../format.ts'
import { BASE } from '../world.ts'

/**
 * The clock of a case: seconds are those of its events, milliseconds keep their order. What is played before
 * its turn has its own time all the same. The SDK and OpenTelemetry read `Date.now` and, for how long a span
 * took, `performance.now`; both show it while an event is played: what is measured on a slow machine must not
 * decide which call came first.
 */
export class CaseClock {
  readonly #moments: ReadonlyMap<number, number>
  #now = BASE * 1000

  /** Events in order of `seq`, as they are on the timeline. */
  constructor(events: readonly Pick<Event, 'seq' | 't'>[]) {
    const moments = new Map<number, number>()
    let last = 0
    for (const { seq, t } of events) {
      last = Math.max(last + 1, (BASE + t) * 1000)
      moments.set(seq, last)
    }
    this.#moments = moments
  }

  /** Runs what happens in an event. */
  during<Result>({ seq }: Pick<Event, 'seq'>, run: () => Result): Result {
    return this.#at(this.#moments.get(seq) ?? this.#now, run)
  }

  /** Runs what nobody signs once it is over: it is dated a second before its end. */
  inTime<Result>({ t, exp }: Lasting, run: () => Result): Result {
    return exp === undefined || exp > t ? run() : this.#at((BASE + exp - 1) * 1000, run)
  }

  /** NumericDate. */
  get seconds(): number {
    return Math.floor(this.#now / 1000)
  }

  #at<Result>(moment: number, run: () => Result): Result {
    const before = { now: this.#now, date: Date.now, elapsed: performance.now }
    this.#now = moment
    Date.now = () => this.#now
    performance.now = () => this.#now
    try {
      return run()
    } finally {
      this.#now = before.now
      Date.now = before.date
      performance.now = before.elapsed
    }
  }
}

interface Lasting {
  readonly t: number
  readonly exp?: number
}

/** When `t` of a case is, NumericDate. */
export function dateOf(t: number): number {
  return BASE + t
}
