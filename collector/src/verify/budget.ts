import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { amountOf, type Bound, boundsOn, crossingOf, type Json } from '@delegraph/link'
import { type PathLink, pathTo } from './path.ts'

/** One call that was done: what it takes out of the budgets of its path. */
export interface BudgetUse {
  readonly action: string
  /** NumericDate. */
  readonly at: number
  readonly link: string
  readonly tool: string
  readonly args: Readonly<Record<string, Json>> | undefined
}

/** Calls are added up in the order of their time, then of their id: arrival leaves no trace. */
export function byOrder(a: BudgetUse, b: BudgetUse): number {
  return a.at - b.at || (a.action < b.action ? -1 : Number(a.action > b.action))
}

/**
 * What the budgets say of each of these calls, by action; those in order are left out. The calls must
 * be all that count for the budgets of any of them.
 */
export function judgeSums(
  uses: readonly BudgetUse[],
  links: ReadonlyMap<string, PathLink>,
): ReadonlyMap<string, Outcome> {
  const found = new Map<string, Outcome>()
  for (const { bound, calls } of accounts(uses, links)) {
    const amounts = calls.map(({ args }) => amountOf(args, bound.argument))
    const { exceeded = Infinity, unknown = Infinity } = crossingOf(amounts, bound.max)
    for (const [index, { action }] of calls.entries()) {
      if (index >= exceeded) found.set(action, outcomeOf('budget_exceeded', bound.scope))
      else if (index >= unknown && !found.has(action)) found.set(action, outcomeOf('args_withheld'))
    }
  }
  return found
}

interface Account {
  readonly bound: Bound
  readonly calls: readonly BudgetUse[]
}

/** Each bound of each link, with the calls that count for it, in order. */
function accounts(
  uses: readonly BudgetUse[],
  links: ReadonlyMap<string, PathLink>,
): readonly Account[] {
  const found = new Map<string, { bound: Bound; calls: BudgetUse[] }>()
  for (const use of [...uses].sort(byOrder)) {
    const path = pathTo(use.link, links).links
    const bounds = boundsOn(
      path.map(({ budgets }) => budgets),
      use.tool,
    )
    for (const bound of bounds) {
      if (!path.slice(bound.position + 1).every(isSigned)) continue
      const hash = path[bound.position]?.hash
      const key = JSON.stringify([hash, use.tool, bound.argument, bound.scope])
      const account = found.get(key)
      if (account === undefined) found.set(key, { bound, calls: [use] })
      else account.calls.push(use)
    }
  }
  // The narrower account speaks last: it is the one that its agent could have kept.
  return [...found.values()].sort((a, b) => a.bound.position - b.bound.position)
}

/** Only who holds the link above spends from it: a stranger's link costs nobody anything. */
function isSigned({ signature }: PathLink): boolean {
  return signature === 'valid'
}
