import { reach } from './fixpoint.ts'
import type { Step } from './ground.ts'

/** What to take back, and how many of the targets nothing else cuts off before it. */
export interface Cut {
  readonly fact: string
  readonly cuts: number
}

/** Cuts that are told at most. */
const MAX_CUTS = 50

/**
 * The fewest facts that can be taken back and together part the start from the targets: a smallest vertex
 * cut, by as many ways from the start to a target that share none of them (Menger; found by augmenting
 * paths). In the order in which each cuts off most. Targets that nothing revocable stands before are not cut.
 */
export function smallestCut(
  start: string,
  targets: ReadonlySet<string>,
  steps: readonly Step[],
  isRevocable: (fact: string) => boolean,
): Cut[] {
  const free = reach(
    start,
    steps.filter(({ to }) => !isRevocable(to)),
  )
  const cuttable = new Set([...targets].filter((target) => !free.has(target)))
  const tree = reach(start, steps)
  const within = steps.filter(({ from, to }) => tree.has(from) && tree.has(to))
  return inOrder(start, cuttable, within, minimumCut(start, cuttable, within, isRevocable))
}

/** Each fact is two vertices with an edge of capacity 1 between where it can be taken back. */
function minimumCut(
  start: string,
  targets: ReadonlySet<string>,
  steps: readonly Step[],
  isRevocable: (fact: string) => boolean,
): string[] {
  const flow = new Network()
  const facts = new Set([start, ...steps.flatMap(({ from, to }) => [from, to])])
  for (const fact of facts)
    flow.edge(
      `in ${fact}`,
      `out ${fact}`,
      fact !== start && isRevocable(fact) ? 1 : Number.POSITIVE_INFINITY,
    )
  for (const { from, to } of steps) flow.edge(`out ${from}`, `in ${to}`, Number.POSITIVE_INFINITY)
  for (const target of targets)
    if (facts.has(target)) flow.edge(`out ${target}`, SINK, Number.POSITIVE_INFINITY)
  const source = `out ${start}`
  while (flow.augment(source, SINK)) {
    // Each way takes one more fact.
  }
  const near = flow.reachable(source)
  return [...facts].filter((fact) => near.has(`in ${fact}`) && !near.has(`out ${fact}`)).sort()
}

const SINK = 'sink'

class Network {
  readonly #capacity = new Map<string, Map<string, number>>()

  edge(from: string, to: string, capacity: number): void {
    this.#at(from).set(to, Math.max(capacity, this.#at(from).get(to) ?? 0))
    if (!this.#at(to).has(from)) this.#at(to).set(from, 0)
  }

  /** Sends one unit along a shortest way; false where there is none left. */
  augment(source: string, sink: string): boolean {
    const before = this.#search(source)
    if (!before.has(sink)) return false
    for (let at = sink; at !== source; ) {
      const from = before.get(at) ?? source
      this.#add(from, at, -1)
      this.#add(at, from, 1)
      at = from
    }
    return true
  }

  reachable(source: string): ReadonlySet<string> {
    return new Set(this.#search(source).keys())
  }

  #search(source: string): Map<string, string> {
    const before = new Map([[source, source]])
    const open = [source]
    for (const at of open) {
      for (const [to, capacity] of this.#at(at)) {
        if (capacity <= 0 || before.has(to)) continue
        before.set(to, at)
        open.push(to)
      }
    }
    return before
  }

  #at(vertex: string): Map<string, number> {
    const known = this.#capacity.get(vertex) ?? new Map<string, number>()
    this.#capacity.set(vertex, known)
    return known
  }

  #add(from: string, to: string, by: number): void {
    this.#at(from).set(to, (this.#at(from).get(to) ?? 0) + by)
  }
}

function inOrder(
  start: string,
  targets: ReadonlySet<string>,
  steps: readonly Step[],
  cut: readonly string[],
): Cut[] {
  const taken = new Set<string>()
  const left = (without: ReadonlySet<string>): number => {
    const tree = reach(start, steps, without)
    return [...targets].filter((target) => tree.has(target)).length
  }
  const cuts: Cut[] = []
  let open = left(taken)
  const rest = new Set(cut.slice(0, MAX_CUTS))
  while (rest.size > 0) {
    const best = [...rest]
      .map((fact) => ({ fact, after: left(new Set([...taken, fact])) }))
      .sort((a, b) => a.after - b.after || (a.fact < b.fact ? -1 : 1))[0]
    if (best === undefined) break
    rest.delete(best.fact)
    taken.add(best.fact)
    cuts.push({ fact: best.fact, cuts: open - best.after })
    open = best.after
  }
  return cuts
}
