import { includesJson, sameJson } from '../json/same-json.ts'
import type { Constraint, Json } from '../types.ts'

/** Whether a constraint accepts an argument; values compare by canonical form (AAT-02 section 3.4). */
export function accepts(constraint: Constraint, value: Json): boolean {
  switch (constraint.constraint_type) {
    case 'wildcard':
      return true
    case 'exact':
      return sameJson(constraint.value, value)
    case 'range':
      return typeof value === 'number' && inRange(constraint, value)
    case 'one_of':
      return includesJson(constraint.values, value)
    case 'not_one_of':
      return !includesJson(constraint.excluded, value)
    case 'contains':
      return isList(value) && constraint.required.every((item) => includesJson(value, item))
    case 'subset':
      return isList(value) && value.every((item) => includesJson(constraint.allowed, item))
    case 'all':
      return constraint.constraints.every((clause) => accepts(clause, value))
    case 'any':
      return constraint.constraints.some((clause) => accepts(clause, value))
  }
}

export type RangeConstraint = Constraint & { readonly constraint_type: 'range' }

export function inRange(range: RangeConstraint, value: number): boolean {
  if (!Number.isFinite(value)) return false
  const { min, max } = range
  if (min !== undefined && (value < min || (value === min && range.min_inclusive === false)))
    return false
  return max === undefined || value < max || (value === max && range.max_inclusive !== false)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
