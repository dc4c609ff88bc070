import {
  type ArgumentMap,
  type Constraint,
  canonicalize,
  type Json,
  narrows,
  type ToolGrants,
} from '@delegraph/link'
import type { Permission, Where } from '../format.ts'
import type { Names } from './names.ts'

/** A permission of the format as an argument map: what is named is required, the rest is free. */
export function mapOf(where: Where): ArgumentMap {
  const named = Object.entries(where).map(([name, value]) => [name, constraintOf(value)])
  return { ...Object.fromEntries(named), '*': { constraint_type: 'wildcard' } }
}

function constraintOf(value: unknown): Constraint {
  if (isConstraint(value)) {
    // A plain value inside `all` and `any` is exact as it is outside.
    if (value.constraint_type !== 'all' && value.constraint_type !== 'any') return value
    return { ...value, constraints: value.constraints.map(constraintOf) }
  }
  if (typeof value === 'object' && value !== null) {
    return { constraint_type: 'one_of', values: [value as Json] }
  }
  return { constraint_type: 'exact', value: value as string | number | boolean | null }
}

function isConstraint(value: unknown): value is Constraint {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.hasOwn(value, 'constraint_type')
  )
}

/** True where every argument is one value. */
export function isExact(where: Where): boolean {
  return !Object.values(where).some(isConstraint)
}

/** Grants in parts, each naming an operation once; what is said twice is said once. */
export function partsOf(names: Names, scope: readonly Permission[]): ToolGrants[] {
  const parts: Record<string, ArgumentMap>[] = []
  for (const { perm, where } of scope) {
    const tool = names.tool(perm)
    const map = mapOf(where)
    if (parts.some((part) => part[tool] !== undefined && sameJson(part[tool], map))) continue
    const free = parts.find((part) => part[tool] === undefined)
    if (free === undefined) parts.push({ [tool]: map })
    else free[tool] = map
  }
  return parts.length === 0 ? [{}] : parts
}

/** A scope as it lies under a link that is in parts itself: each part of it, with the place of the one above. */
export function partsUnder(
  names: Names,
  scope: readonly Permission[],
  above: readonly ToolGrants[],
): { readonly tools: ToolGrants; readonly under: number }[] {
  const place = ({ perm, where }: Permission): number => {
    const tool = names.tool(perm)
    const child = { [tool]: mapOf(where) }
    const results = above.map((part) => narrows(part, child))
    const covering = results.findIndex((result) => result.ok)
    // Narrower, though not provably so, is nearer than wider.
    const perhaps = results.findIndex((result) => !result.ok && result.detail === 'unproven')
    const naming = above.findIndex((part) => Object.hasOwn(part, tool))
    return [covering, perhaps, naming].find((found) => found !== -1) ?? 0
  }
  if (scope.length === 0) return [{ tools: {}, under: 0 }]
  return [...Map.groupBy(scope, place)].flatMap(([under, permissions]) =>
    partsOf(names, permissions).map((tools) => ({ tools, under })),
  )
}

function sameJson(a: unknown, b: unknown): boolean {
  return canonicalize(a as Json) === canonicalize(b as Json)
}
