import type { ArgumentMap, Constraint, Json, ToolGrants } from '@delegraph/link'
import type { Permission, Where } from '../format.ts'
import type { Names } from './names.ts'

/** A permission of the format as an argument map: what is named is required, the rest is free. */
export function mapOf(where: Where): ArgumentMap {
  const named = Object.entries(where).map(([name, value]) => [name, constraintOf(value)])
  return { ...Object.fromEntries(named), '*': { constraint_type: 'wildcard' } }
}

function constraintOf(value: unknown): Constraint {
  if (isConstraint(value)) return value
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

/** Grants in parts, each naming an operation once. */
export function partsOf(names: Names, scope: readonly Permission[]): ToolGrants[] {
  const parts: Record<string, ArgumentMap>[] = []
  for (const { perm, where } of scope) {
    const tool = names.tool(perm)
    let part = parts.find((known) => !Object.hasOwn(known, tool))
    if (part === undefined) {
      part = {}
      parts.push(part)
    }
    part[tool] = mapOf(where)
  }
  return parts.length === 0 ? [{}] : parts
}
