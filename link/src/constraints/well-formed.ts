import { LIMITS } from '../constants.ts'
import { type Fault, fault } from '../fault.ts'
import { isJsonObject, type JsonObject } from '../json/parse-canonical.ts'
import type { Constraint, ConstraintType, Json, ToolGrants } from '../types.ts'

/** Tool grants read from a payload. */
export interface ParsedTools {
  /** The tools whose maps are well formed. */
  readonly tools: ToolGrants
  /** The first thing wrong with the others. */
  readonly fault: Fault | undefined
}

/**
 * Reads the `tools` of an authorization detail. Every constraint is judged here, before any
 * comparison: a `wildcard` parent would swallow an unknown child type.
 */
export function parseTools(value: Json | undefined): ParsedTools {
  if (!isJsonObject(value)) return { tools: {}, fault: fault('malformed', 'authorization_details') }
  let first: Fault | undefined
  let refused: readonly string[] = []
  for (const tool in value) {
    const wrong = faultOf(tool, value[tool])
    if (wrong === undefined) continue
    first ??= wrong
    refused = [...refused, tool]
  }
  return { tools: without(value, refused) as ToolGrants, fault: first }
}

function faultOf(tool: string, map: Json | undefined): Fault | undefined {
  return toolFault(tool) ?? (isArgumentMap(map) ? undefined : fault('unknown_constraint'))
}

/** Nearly all tools are well formed: then nothing is copied. */
function without(value: JsonObject, refused: readonly string[]): JsonObject {
  if (refused.length === 0) return value
  return Object.fromEntries(Object.entries(value).filter(([tool]) => !refused.includes(tool)))
}

/** `__proto__` as a key is refused: it sets no member on a plain object, so checks would miss it. */
const RESERVED = '__proto__'
/** A URI, compared as an exact string, so printable ASCII only. */
const TOOL_ID = /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/

function toolFault(tool: string): Fault | undefined {
  if (tool === RESERVED) return fault('unknown_constraint', 'reserved_name')
  const fits = tool.length <= LIMITS.toolId && TOOL_ID.test(tool)
  return fits ? undefined : fault('malformed', 'tool')
}

export function isArgumentMap(map: Json | undefined): map is ToolGrants[string] {
  if (!isJsonObject(map)) return false
  for (const name in map) {
    const constraint = map[name]
    if (name === RESERVED || name.length > LIMITS.toolId) return false
    if (!isConstraint(constraint, LIMITS.constraintDepth, true)) return false
    if (name === '*' && !isPlainWildcard(constraint)) return false
  }
  return true
}

/** The value of `"*"` may be nothing but a wildcard, without `optional`. */
function isPlainWildcard(constraint: Constraint): boolean {
  return constraint.constraint_type === 'wildcard' && constraint.optional === undefined
}

/** Well-formedness as in AAT-02 section 3.4; no member is ignored. */
function isConstraint(value: Json | undefined, depth: number, top: boolean): value is Constraint {
  if (!isJsonObject(value) || depth === 0) return false
  const rule = RULES.get(value['constraint_type'])
  if (rule === undefined) return false
  for (const name in value) {
    if (name === 'constraint_type' || rule.members.includes(name)) continue
    if (name === 'optional' && top && typeof value[name] === 'boolean') continue
    return false
  }
  return rule.fits(value, depth)
}

type Members = { readonly [name: string]: Json }

/** What else a constraint of one type has, and whether it fits. */
interface Rule {
  readonly members: readonly string[]
  readonly fits: (members: Members, depth: number) => boolean
}

const RULE_OF: Readonly<Record<ConstraintType, Rule>> = {
  wildcard: { members: [], fits: () => true },
  exact: { members: ['value'], fits: (members) => isScalar(members['value']) },
  range: { members: ['min', 'max', 'min_inclusive', 'max_inclusive'], fits: isRange },
  one_of: {
    members: ['values'],
    fits: (members) => isList(members['values']) && members['values'].length > 0,
  },
  not_one_of: { members: ['excluded'], fits: (members) => isList(members['excluded']) },
  contains: { members: ['required'], fits: (members) => isList(members['required']) },
  subset: { members: ['allowed'], fits: (members) => isList(members['allowed']) },
  all: { members: ['constraints'], fits: areClauses },
  any: { members: ['constraints'], fits: areClauses },
}

/** By what stands in a payload, which need not be a type nor even a string. */
const RULES: ReadonlyMap<unknown, Rule> = new Map(Object.entries(RULE_OF))

function isRange(members: Members): boolean {
  const { min, max, min_inclusive, max_inclusive } = members
  if (min !== undefined && typeof min !== 'number') return false
  if (max !== undefined && typeof max !== 'number') return false
  if (min !== undefined && max !== undefined && min > max) return false
  return isInclusivity(min_inclusive, min) && isInclusivity(max_inclusive, max)
}

function isInclusivity(value: Json | undefined, bound: number | undefined): boolean {
  return value === undefined || (typeof value === 'boolean' && bound !== undefined)
}

/** An empty `all` would accept everything and look like a limit; an empty `any` nothing. */
function areClauses(members: Members, depth: number): boolean {
  const clauses = members['constraints']
  if (!isList(clauses) || clauses.length === 0) return false
  return clauses.every((clause) => isConstraint(clause, depth - 1, false))
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

function isScalar(value: Json | undefined): boolean {
  return value !== undefined && (value === null || typeof value !== 'object')
}
