import { BASE } from '../world.ts'

const real = { date: Date.now, elapsed: performance.now }

/**
 * The clock of a case: seconds are those of its events, milliseconds keep their order. The SDK and
 * OpenTelemetry read `Date.now` and, for how long a span took, `performance.now`; both show it while
 * an event is played: what is measured on a slow machine must not decide which call came first.
 */
export class CaseClock {
  #now = 0

  /** Runs what happens at `t`, in seconds from the start of the case. */
  at<Result>(t: number, run: () => Result): Result {
    this.#now = Math.max(this.#now + 1, BASE * 1000 + Math.round(t * 1000))
    return this.#shown(run)
  }

  /** The next moment within the event under way. */
  tick(): void {
    this.#now += 1
  }

  /** NumericDate. */
  get seconds(): number {
    return Math.floor(this.#now / 1000)
  }

  #shown<Result>(run: () => Result): Result {
    Date.now = () => this.#now
    performance.now = () => this.#now
    try {
      return run()
    } finally {
      Date.now = real.date
      performance.now = real.elapsed
    }
  }
}

/** When `t` of a case is, NumericDate. */
export function dateOf(t: number): number {
  return BASE + Math.ceil(t)
}
