import type { ApprovalRequirement, ApprovalRequirements, ToolGrants } from '../types.ts'
import { type NarrowingProblem, NONE } from './narrows.ts'

/**
 * Where a child weakens an approval that its parent asks for. For every tool the child keeps, each
 * entry of the parent must be there and ask for at least as much; adding entries is allowed.
 */
export function approvalProblems(
  parent: ApprovalRequirements | undefined,
  child: ApprovalRequirements | undefined,
  kept: ToolGrants,
): readonly NarrowingProblem[] {
  if (parent === undefined) return NONE
  return Object.entries(parent)
    .filter(([tool]) => Object.hasOwn(kept, tool))
    .filter(([tool, outer]) => {
      const inner = child !== undefined && Object.hasOwn(child, tool) ? child[tool] : undefined
      return inner === undefined || !asksAsMuch(outer, inner)
    })
    .map(([tool]) => ({ tool, detail: 'widened', reason: 'approval_weakened' }))
}

function asksAsMuch(outer: ApprovalRequirement, inner: ApprovalRequirement): boolean {
  return (
    inner.min >= outer.min &&
    inner.max_age <= outer.max_age &&
    isSubset(inner.approvers, outer.approvers) &&
    (outer.acr === undefined || (inner.acr !== undefined && isSubset(inner.acr, outer.acr)))
  )
}

function isSubset(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((item) => outer.includes(item))
}
