import { REACH_RULES, type Step } from '../blast-radius/ground.ts'

export interface Ways {
  /** The shortest first; of equal length in an order that is always the same. */
  readonly ways: readonly (readonly Step[])[]
  /** There are no more. */
  readonly complete: boolean
  /** The time was over before it was known whether there are more. */
  readonly late: boolean
}

/**
 * The shortest ways that pass no fact twice, from a start to the first of the targets that each meets (Yen 1971,
 * over breadth-first search). Of several steps between two facts one is taken: in force before over, without a
 * decision before with one, by the least rule.
 */
export function shortestWays(
  start: string,
  targets: ReadonlySet<string>,
  steps: readonly Step[],
  most: number,
  deadline: number = Number.POSITIVE_INFINITY,
): Ways {
  const from = onePerPair(steps)
  const found: (readonly Step[])[] = []
  const open = new Map<string, readonly Step[]>()
  const first = shortest(start, targets, from, new Set(), new Set())
  if (first !== undefined) open.set(keyOf(first), first)
  while (found.length < most && open.size > 0) {
    const [key, way] = [...open].sort(shorterFirst)[0] ?? ['', []]
    open.delete(key)
    found.push(way)
    if (performance.now() > deadline) return { ways: found, complete: false, late: true }
    for (let at = 0; at < way.length; at += 1) {
      const root = way.slice(0, at)
      const spur = way[at]?.from ?? start
      const passed = new Set(root.map((step) => step.from))
      const taken = new Set(
        found
          .filter((one) => root.every((step, i) => one[i] === step))
          .flatMap((one) => one[at] ?? []),
      )
      const rest = shortest(spur, targets, from, passed, taken)
      if (rest === undefined) continue
      const next = [...root, ...rest]
      open.set(keyOf(next), next)
    }
  }
  return { ways: found, complete: open.size === 0, late: false }
}

type From = ReadonlyMap<string, readonly Step[]>

function onePerPair(steps: readonly Step[]): From {
  const pairs = Map.groupBy(steps, ({ from, to }) => JSON.stringify([from, to]))
  const best = [...pairs.values()].flatMap((group) => group.toSorted(betterFirst)[0] ?? [])
  return Map.groupBy(best, ({ from }) => from)
}

function betterFirst(a: Step, b: Step): number {
  return (
    Number(b.live) - Number(a.live) ||
    Number(a.decided) - Number(b.decided) ||
    REACH_RULES.indexOf(a.rule) - REACH_RULES.indexOf(b.rule)
  )
}

function shortest(
  start: string,
  targets: ReadonlySet<string>,
  from: From,
  passed: ReadonlySet<string>,
  taken: ReadonlySet<Step>,
): Step[] | undefined {
  const by = new Map<string, Step | undefined>([[start, undefined]])
  for (const fact of by.keys()) {
    for (const step of from.get(fact) ?? []) {
      if (by.has(step.to) || passed.has(step.to) || taken.has(step)) continue
      by.set(step.to, step)
      if (targets.has(step.to)) return wayTo(step, by)
    }
  }
  return undefined
}

function wayTo(last: Step, by: ReadonlyMap<string, Step | undefined>): Step[] {
  const way = [last]
  for (let step = by.get(last.from); step !== undefined; step = by.get(step.from)) way.push(step)
  return way.reverse()
}

function keyOf(way: readonly Step[]): string {
  return JSON.stringify(way.map(({ to }) => to))
}

function shorterFirst(
  [a, x]: readonly [string, readonly Step[]],
  [b, y]: readonly [string, readonly Step[]],
): number {
  return x.length - y.length || (a < b ? -1 : 1)
}
