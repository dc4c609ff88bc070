import type { Budget, Budgets, ToolGrants } from '../types.ts'
import { type NarrowingProblem, NONE } from './narrows.ts'

/**
 * Where a child loosens a bound on sums that its parent has. For every tool the child keeps, each
 * bound of the parent must be there and not be larger; adding bounds is allowed. They are never met
 * by a `range`, which says nothing of a second call.
 */
export function budgetProblems(
  parent: Budgets | undefined,
  child: Budgets | undefined,
  kept: ToolGrants,
): readonly NarrowingProblem[] {
  if (parent === undefined) return NONE
  return Object.entries(parent)
    .filter(([tool]) => Object.hasOwn(kept, tool))
    .flatMap(([tool, outer]) =>
      Object.entries(outer).flatMap(([argument, bounds]) => {
        const inner = budgetOf(child, tool, argument) ?? {}
        if (isTighter(bounds, inner)) return []
        const detail = isTighter(bounds, inEffect(inner)) ? 'unproven' : 'widened'
        return [{ tool, argument, detail, reason: 'budget_loosened' } as const]
      }),
    )
}

/** Calls under a link are among those under it and below: a bound on these bounds them too. */
function inEffect(budget: Budget): Budget {
  const { max_lifetime = Infinity, max_subtree = Infinity } = budget
  return { ...budget, max_lifetime: Math.min(max_lifetime, max_subtree) }
}

/** The bounds on one argument of a tool, own members only. */
export function budgetOf(
  budgets: Budgets | undefined,
  tool: string,
  argument: string,
): Budget | undefined {
  const ofTool = budgetsOfTool(budgets, tool)
  return Object.hasOwn(ofTool, argument) ? ofTool[argument] : undefined
}

/** Argument to its bounds; none where the tool has none. */
export function budgetsOfTool(
  budgets: Budgets | undefined,
  tool: string,
): Readonly<Record<string, Budget>> {
  return budgets !== undefined && Object.hasOwn(budgets, tool) ? (budgets[tool] ?? {}) : {}
}

function isTighter(outer: Budget, inner: Budget): boolean {
  return (
    isWithin(outer.max_lifetime, inner.max_lifetime) &&
    isWithin(outer.max_subtree, inner.max_subtree)
  )
}

function isWithin(outer: number | undefined, inner: number | undefined): boolean {
  return outer === undefined || (inner !== undefined && inner <= outer)
}
