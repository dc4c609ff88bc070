import type { ArgumentMap, Constraint, ToolGrants } from '../types.ts'
import { constraintOf, isName, isOpen, mapOf } from './argument-map.ts'
import { constraintNarrows } from './subsumes.ts'

export type NarrowingReason =
  | 'tool_not_granted'
  | 'argument_not_granted'
  | 'argument_made_optional'
  | 'argument_dropped'
  | 'opened_to_unnamed_arguments'
  | 'constraint_wider'
  | 'approval_weakened'
  | 'budget_loosened'
  | 'scope_not_granted'
  | 'anchor_limit'

/** One place where a child is not inside its parent. */
export interface NarrowingProblem {
  /** Absent where the problem is about the link as a whole, as with `scope`. */
  readonly tool?: string
  readonly argument?: string
  readonly detail: 'widened' | 'unproven'
  readonly reason: NarrowingReason
}

export type NarrowingResult =
  | { readonly ok: true }
  | {
      readonly ok: false
      /** `widened` as soon as one problem is. */
      readonly detail: 'widened' | 'unproven'
      readonly problems: readonly NarrowingProblem[]
    }

/**
 * Whether a child's grants lie inside its parent's, AAT-02 section 4.5. Absence never inherits: a
 * tool the child does not name is dropped, an argument it does not name is judged as such.
 */
export function narrows(parent: ToolGrants, child: ToolGrants): NarrowingResult {
  let problems = NONE
  for (const tool in child) {
    const map = mapOf(child, tool)
    if (map !== undefined) problems = joined(problems, toolProblems(tool, mapOf(parent, tool), map))
  }
  return narrowingResult(problems)
}

const INSIDE: NarrowingResult = { ok: true }

export function narrowingResult(problems: readonly NarrowingProblem[]): NarrowingResult {
  if (problems.length === 0) return INSIDE
  const widened = problems.some((problem) => problem.detail === 'widened')
  return { ok: false, detail: widened ? 'widened' : 'unproven', problems }
}

/** The problems of one tool; none where its map is inside the parent's. */
export function toolProblems(
  tool: string,
  parentMap: ArgumentMap | undefined,
  childMap: ArgumentMap,
): readonly NarrowingProblem[] {
  if (parentMap === undefined) return [{ tool, detail: 'widened', reason: 'tool_not_granted' }]
  const parentOpen = isOpen(parentMap)
  let problems = NONE
  if (!parentOpen && isOpen(childMap))
    problems = [{ tool, detail: 'widened', reason: 'opened_to_unnamed_arguments' }]
  for (const argument in parentMap) {
    const outer = parentMap[argument]
    if (outer !== undefined && isName(argument))
      problems = joined(problems, argumentProblems(tool, argument, outer, childMap))
  }
  if (parentOpen) return problems
  for (const argument in childMap) {
    if (!isName(argument) || constraintOf(parentMap, argument) !== undefined) continue
    problems = [...problems, { tool, argument, detail: 'widened', reason: 'argument_not_granted' }]
  }
  return problems
}

/** Nearly all links have no problem, so nothing is made before there is one. */
export const NONE: readonly NarrowingProblem[] = []

export function joined(
  problems: readonly NarrowingProblem[],
  more: readonly NarrowingProblem[],
): readonly NarrowingProblem[] {
  return more.length === 0 ? problems : [...problems, ...more]
}

/** What a child may not do with an argument that its parent names. */
function argumentProblems(
  tool: string,
  argument: string,
  outer: Constraint,
  child: ArgumentMap,
): readonly NarrowingProblem[] {
  const inner = constraintOf(child, argument)
  if (inner === undefined) return droppedProblems(tool, argument, outer, child)
  const problems =
    outer.optional !== true && inner.optional === true
      ? [{ tool, argument, detail: 'widened', reason: 'argument_made_optional' } as const]
      : NONE
  const narrowing = constraintNarrows(outer, inner)
  if (narrowing.ok) return problems
  return [...problems, { tool, argument, detail: narrowing.detail, reason: 'constraint_wider' }]
}

/** Leaving out an optional argument forbids it, unless `"*"` brings it back without its limit. */
function droppedProblems(
  tool: string,
  argument: string,
  outer: Constraint,
  child: ArgumentMap,
): readonly NarrowingProblem[] {
  const required = outer.optional !== true
  if (!required && !isOpen(child)) return NONE
  const harmless = !required && outer.constraint_type === 'wildcard'
  const detail = harmless ? 'unproven' : 'widened'
  return [{ tool, argument, detail, reason: 'argument_dropped' }]
}
