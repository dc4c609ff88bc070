import type { JsonObject } from '../json/parse-canonical.ts'
import { sameJson } from '../json/same-json.ts'
import type { Constraint, ToolGrants } from '../types.ts'
import { constraintOf, isName, isOpen, mapOf, namesOf } from './argument-map.ts'
import { type NarrowingProblem, toolProblems } from './narrows.ts'

/** What one hop did to one tool. */
export interface ToolDiff {
  readonly tool: string
  /** `appeared` and `widened` are beyond the parent; `unproven` is wider in form only, perhaps. */
  readonly change: 'kept' | 'narrowed' | 'dropped' | 'appeared' | 'widened' | 'unproven'
  readonly problems: readonly NarrowingProblem[]
}

/** What a hop did to each tool of either side, in tool order: what is drawn beside a link. */
export function scopeDiff(parent: ToolGrants, child: ToolGrants): readonly ToolDiff[] {
  const tools = new Set([...Object.keys(parent), ...Object.keys(child)])
  return [...tools].sort().map((tool) => toolDiff(tool, parent, child))
}

function toolDiff(tool: string, parent: ToolGrants, child: ToolGrants): ToolDiff {
  const before = mapOf(parent, tool)
  const after = mapOf(child, tool)
  if (after === undefined) return { tool, change: 'dropped', problems: [] }
  const problems = toolProblems(tool, before, after)
  if (before === undefined) return { tool, change: 'appeared', problems }
  if (problems.some((problem) => problem.detail === 'widened'))
    return { tool, change: 'widened', problems }
  if (problems.length > 0) return { tool, change: 'unproven', problems }
  return { tool, change: sameMap(before, after) ? 'kept' : 'narrowed', problems: [] }
}

/** Whether two grants are the same authority, `{}` and `{"*": wildcard}` counting as one. */
export function sameTools(a: ToolGrants, b: ToolGrants): boolean {
  let size = 0
  for (const tool in a) {
    const left = mapOf(a, tool)
    const right = mapOf(b, tool)
    if (left === undefined || right === undefined || !sameMap(left, right)) return false
    size += 1
  }
  return size === Object.keys(b).length
}

function sameMap(a: ToolGrants[string], b: ToolGrants[string]): boolean {
  if (isOpen(a) !== isOpen(b)) return false
  let size = 0
  for (const name in a) {
    if (!isName(name)) continue
    const left = a[name]
    const right = constraintOf(b, name)
    if (left === undefined || right === undefined) return false
    if (!sameJson(jsonOf(left), jsonOf(right))) return false
    size += 1
  }
  return size === namesOf(b).length
}

/** A constraint is JSON; its interface only lacks the index signature. */
function jsonOf(constraint: Constraint): JsonObject {
  return constraint as unknown as JsonObject
}
