import { areAmong, includesJson, sameJson } from '../json/same-json.ts'
import type { Constraint } from '../types.ts'
import { inRange, type RangeConstraint } from './accepts.ts'
import { findWitness } from './witness.ts'

/**
 * `widened`: a value exists that the child accepts and the parent does not. `unproven`: none was
 * found, and the rules do not prove that there is none.
 */
export type ConstraintNarrowing =
  | { readonly ok: true }
  | { readonly ok: false; readonly detail: 'widened' | 'unproven' }

/**
 * Whether a child's constraint lies inside its parent's, by the table of AAT-02 section 4.5:
 * syntactic, sound, not complete. `optional` is not compared here; argument maps do that.
 */
export function constraintNarrows(parent: Constraint, child: Constraint): ConstraintNarrowing {
  if (subsumes(parent, child)) return INSIDE
  return { ok: false, detail: findWitness(parent, child) === undefined ? 'unproven' : 'widened' }
}

const INSIDE: ConstraintNarrowing = { ok: true }

function subsumes(parent: Constraint, child: Constraint): boolean {
  switch (parent.constraint_type) {
    case 'wildcard':
      return true
    case 'exact':
      return child.constraint_type === 'exact' && sameJson(parent.value, child.value)
    case 'range':
      if (child.constraint_type === 'range') return isTighter(parent, child)
      return (
        child.constraint_type === 'exact' &&
        typeof child.value === 'number' &&
        inRange(parent, child.value)
      )
    case 'one_of':
      if (child.constraint_type === 'exact') return includesJson(parent.values, child.value)
      return child.constraint_type === 'one_of' && areAmong(child.values, parent.values)
    case 'not_one_of':
      return child.constraint_type === 'not_one_of' && areAmong(parent.excluded, child.excluded)
    case 'contains':
      return child.constraint_type === 'contains' && areAmong(parent.required, child.required)
    case 'subset':
      return child.constraint_type === 'subset' && areAmong(child.allowed, parent.allowed)
    case 'all':
      return child.constraint_type === 'all' && allSubsume(parent.constraints, child.constraints)
    case 'any':
      return child.constraint_type === 'any' && anySubsumes(parent.constraints, child.constraints)
  }
}

/** Each outer clause lies above some inner one. */
function allSubsume(outers: readonly Constraint[], inners: readonly Constraint[]): boolean {
  return outers.every((outer) => inners.some((inner) => subsumes(outer, inner)))
}

/** Each inner clause lies below some outer one. */
function anySubsumes(outers: readonly Constraint[], inners: readonly Constraint[]): boolean {
  return inners.every((inner) => outers.some((outer) => subsumes(outer, inner)))
}

/** A bound missing in the child is unbounded, never inherited. */
function isTighter(parent: RangeConstraint, child: RangeConstraint): boolean {
  return isTighterBelow(parent, child) && isTighterAbove(parent, child)
}

function isTighterBelow(parent: RangeConstraint, child: RangeConstraint): boolean {
  if (parent.min === undefined) return true
  if (child.min === undefined) return false
  if (child.min !== parent.min) return child.min > parent.min
  return parent.min_inclusive !== false || child.min_inclusive === false
}

function isTighterAbove(parent: RangeConstraint, child: RangeConstraint): boolean {
  if (parent.max === undefined) return true
  if (child.max === undefined) return false
  if (child.max !== parent.max) return child.max < parent.max
  return parent.max_inclusive !== false || child.max_inclusive === false
}
