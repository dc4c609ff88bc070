import { REACH_RULES, type ReachRule, type Step } from './ground.ts'

/** How a fact is reached: by which rules at least, and on which steps. */
export interface Reached {
  /** The least of the rules that is needed. */
  readonly rule: ReachRule
  /** The same over what is in force; absent where it cannot be reached by that alone. */
  readonly liveRule?: ReachRule
  /** Every way that these rules leave open has a decision on it. */
  readonly decided: boolean
  /** The shortest way, in force where there is one, without a decision where there is one. */
  readonly witness: readonly Step[]
}

/**
 * The least fixpoint over steps: what follows from the start by each set of rules, in the order of the rules.
 * Rules only add, so every fact that is reached stays reached whatever else is learned.
 */
export function fixpoint(start: string, steps: readonly Step[]): ReadonlyMap<string, Reached> {
  const any = REACH_RULES.map((_, k) =>
    trees(
      start,
      steps.filter((step) => uses(step, k)),
    ),
  )
  const live = REACH_RULES.map((_, k) =>
    trees(
      start,
      steps.filter((step) => step.live && uses(step, k)),
    ),
  )
  const found = new Map<string, Reached>()
  for (const fact of any.at(-1)?.all.keys() ?? []) {
    const k = any.findIndex(({ all }) => all.has(fact))
    const l = live.findIndex(({ all }) => all.has(fact))
    const rule = REACH_RULES[k]
    const liveRule = REACH_RULES[l]
    const best = l === -1 ? any[k] : live[l]
    if (rule === undefined || best === undefined) continue
    const decided = !best.undecided.has(fact)
    found.set(fact, {
      rule,
      decided,
      witness: wayTo(fact, decided ? best.all : best.undecided),
      ...(liveRule === undefined ? {} : { liveRule }),
    })
  }
  return found
}

function uses(step: Step, k: number): boolean {
  return REACH_RULES.indexOf(step.rule) <= k
}

/** For each fact that is reached the step by which it is, breadth first; none for the start. */
type Tree = ReadonlyMap<string, Step | undefined>

function trees(
  start: string,
  steps: readonly Step[],
): { readonly all: Tree; readonly undecided: Tree } {
  return {
    all: reach(start, steps),
    undecided: reach(
      start,
      steps.filter(({ decided }) => !decided),
    ),
  }
}

export function reach(start: string, steps: readonly Step[], without?: ReadonlySet<string>): Tree {
  const from = Map.groupBy(steps, (step) => step.from)
  const tree = new Map<string, Step | undefined>([[start, undefined]])
  const open = [start]
  for (const fact of open) {
    for (const step of from.get(fact) ?? []) {
      if (tree.has(step.to) || without?.has(step.to) === true) continue
      tree.set(step.to, step)
      open.push(step.to)
    }
  }
  return tree
}

function wayTo(fact: string, tree: Tree): Step[] {
  const way: Step[] = []
  let step = tree.get(fact)
  while (step !== undefined) {
    way.push(step)
    step = tree.get(step.from)
  }
  return way.reverse()
}
