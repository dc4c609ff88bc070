import type { Constraint, Json } from '../types.ts'
import { accepts } from './accepts.ts'

/**
 * A value that the child accepts and the parent does not, tried among the literals of both and a
 * few values of every kind. Finding one proves widening; finding none proves nothing.
 */
export function findWitness(
  parent: Constraint,
  child: Constraint,
): { readonly value: Json } | undefined {
  for (const value of candidates(parent, child))
    if (accepts(child, value) && !accepts(parent, value)) return { value }
  return undefined
}

/** A string that no grant names. */
const FRESH = 'urn:delegraph:any-other-value'
const PROBES: readonly Json[] = [null, true, '', FRESH, 0, 1, -1, 0.5, {}, [], [FRESH], [null]]
const MAX_CANDIDATES = 1024

function candidates(parent: Constraint, child: Constraint): readonly Json[] {
  const literals: Literals = { values: [], lists: [], bounds: [] }
  collect(child, literals)
  collect(parent, literals)
  const lists = literals.lists.flatMap((list) => [list, [...list, FRESH]])
  const all = [...literals.values, ...lists, ...between(literals.bounds), ...PROBES]
  return all.slice(0, MAX_CANDIDATES)
}

interface Literals {
  readonly values: Json[]
  readonly lists: (readonly Json[])[]
  readonly bounds: number[]
}

function collect(constraint: Constraint, into: Literals): void {
  switch (constraint.constraint_type) {
    case 'wildcard':
      return
    case 'exact':
      into.values.push(constraint.value)
      if (typeof constraint.value === 'number') into.bounds.push(constraint.value)
      return
    case 'range':
      if (constraint.min !== undefined) into.bounds.push(constraint.min)
      if (constraint.max !== undefined) into.bounds.push(constraint.max)
      return
    case 'one_of':
      into.values.push(...constraint.values)
      return
    case 'not_one_of':
      into.values.push(...constraint.excluded)
      return
    case 'contains':
      into.lists.push(constraint.required)
      return
    case 'subset':
      into.lists.push(constraint.allowed)
      return
    case 'all':
    case 'any':
      for (const clause of constraint.constraints) collect(clause, into)
  }
}

/** Every bound, a number between each two, and one beyond both ends. */
function between(bounds: readonly number[]): readonly number[] {
  const sorted = [...new Set(bounds)].sort((a, b) => a - b)
  const middles = sorted.map((low, index) => low + ((sorted[index + 1] ?? low) - low) / 2)
  return [...sorted, ...middles, Number.MAX_VALUE, -Number.MAX_VALUE]
}
