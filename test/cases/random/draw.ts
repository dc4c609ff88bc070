import fc from 'fast-check'

/** Where a random history takes its choices from; every choice can be shrunk. */
export interface Draw {
  /** An integer from 0 to below `n`. */
  below(n: number): number
  /** True that many times in a hundred. */
  chance(percent: number): boolean
  pick<T>(from: readonly [T, ...T[]]): T
  /** Undefined where there is nothing to take from. */
  maybe<T>(from: readonly T[]): T | undefined
}

/** Everything that `build` makes of its choices, as an arbitrary of fast-check. */
export function drawn<T>(build: (draw: Draw) => T): fc.Arbitrary<T> {
  return fc.gen().map((choose) => {
    const below = (n: number) => choose(fc.integer, { min: 0, max: n - 1 })
    return build({
      below,
      chance: (percent) => below(100) < percent,
      pick: (from) => from[below(from.length)] ?? from[0],
      maybe: (from) => (from.length === 0 ? undefined : from[below(from.length)]),
    })
  })
}
