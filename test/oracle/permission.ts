// What a permission covers. Section 3 of the definition: operations are compared exactly, every argument that is
// named must be there and satisfy its constraint, arguments that are not named are free.
import type { Json, Permission, Where } from '../eval/format.ts'

/** True if this call lies inside the permission. */
export function covers(permission: Permission, call: Permission): boolean {
  return permission.perm === call.perm && admits(permission.where, call.where)
}

/** True if one single object of the scope covers the call: two objects are never added together. */
export function scopeCovers(scope: readonly Permission[], call: Permission): boolean {
  return scope.some((permission) => covers(permission, call))
}

function admits(pattern: Where, args: Where): boolean {
  return Object.keys(pattern).every((name) =>
    Object.hasOwn(args, name)
      ? satisfies(pattern[name] as Json, args[name] as Json)
      : mayBeMissing(pattern[name] as Json),
  )
}

/**
 * True if the child lets something through that the parent does not: the child then lies in no way inside it.
 * Decided by trying every value of a small domain made of what both of them mention, so "narrower in another
 * notation" is told from "wider".
 */
export function isWiderThan(child: Permission, parent: Permission): boolean {
  if (child.perm !== parent.perm) return true
  const empty = Object.values(child.where).some((constraint) => {
    return !mayBeMissing(constraint) && !domain([constraint]).some((v) => satisfies(constraint, v))
  })
  if (empty) return false
  return Object.entries(parent.where).some(([name, above]) => {
    const below = child.where[name]
    if (below === undefined) return !(isAny(above) && mayBeMissing(above))
    if (mayBeMissing(below) && !mayBeMissing(above)) return true
    return domain([below, above]).some((v) => satisfies(below, v) && !satisfies(above, v))
  })
}

/** True if some call could fall under both: the same operation, and no argument that keeps them apart. */
export function overlaps(a: Permission, b: Permission): boolean {
  if (a.perm !== b.perm) return false
  return Object.entries(a.where).every(([name, left]) => {
    const right = b.where[name]
    return (
      right === undefined ||
      domain([left, right]).some((v) => satisfies(left, v) && satisfies(right, v))
    )
  })
}

type Constraint = { constraint_type: string; [member: string]: Json }

function isConstraint(value: Json): value is Constraint {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value['constraint_type'] === 'string'
  )
}

const isAny = (value: Json) => isConstraint(value) && value.constraint_type === 'wildcard'
const mayBeMissing = (value: Json) => isConstraint(value) && value['optional'] === true

/** The profile's constraints; a plain value is the same as `exact`. An unknown type admits nothing. */
export function satisfies(constraint: Json, value: Json): boolean {
  if (!isConstraint(constraint)) return same(constraint, value)
  switch (constraint.constraint_type) {
    case 'wildcard':
      return true
    case 'exact':
      return same(constraint['value'] ?? null, value)
    case 'range':
      return typeof value === 'number' && inside(constraint, value)
    case 'one_of':
      return list(constraint['values']).some((v) => same(v, value))
    case 'not_one_of':
      return !list(constraint['excluded']).some((v) => same(v, value))
    case 'contains':
      return Array.isArray(value) && list(constraint['required']).every((v) => has(value, v))
    case 'subset':
      return Array.isArray(value) && value.every((v) => has(list(constraint['allowed']), v))
    case 'all':
      return list(constraint['constraints']).every((c) => satisfies(c, value))
    case 'any':
      return list(constraint['constraints']).some((c) => satisfies(c, value))
    default:
      return false
  }
}

function inside(range: Constraint, value: number): boolean {
  const { min, max } = range
  if (typeof min === 'number' && (range['min_inclusive'] === false ? value <= min : value < min))
    return false
  if (typeof max === 'number' && (range['max_inclusive'] === false ? value >= max : value > max))
    return false
  return true
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])
const has = (values: readonly Json[], one: Json) => values.some((v) => same(v, one))

/** Equal as JSON values: the order of members does not matter, 1 and 1.0 are one number. */
export function same(a: Json, b: Json): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] as Json)]))
}

/** Values of every kind, besides those that the constraints mention. */
const ELSE: readonly Json[] = ['', 'some other text', 0, -1, 1, 0.5, 1e9, true, false, null, [], {}]
const MAX_SUBSETS = 6

/** Every value that is mentioned, those beside and between the numbers, lists of them, and a few of no relation. */
function domain(constraints: readonly Json[]): Json[] {
  const mentioned: Json[] = [...ELSE]
  for (const constraint of constraints) mention(constraint, mentioned)
  const numbers = mentioned.filter((v) => typeof v === 'number').sort((a, b) => a - b)
  const around = numbers.flatMap((n, i) => [n - 1, n + 1, (n + (numbers[i + 1] ?? n)) / 2])
  const elements = unique(mentioned.filter((v) => !Array.isArray(v)))
  const listed = mentioned.filter((v) => Array.isArray(v)).flat()
  const lists = subsets(unique(listed).slice(0, MAX_SUBSETS))
  const longer = lists.map((items) => [...items, 'some other text'])
  const given = mentioned.filter((v) => Array.isArray(v))
  return [
    ...elements,
    ...around,
    ...given,
    ...given.map((g) => [...g, 'other']),
    ...lists,
    ...longer,
  ]
}

function mention(constraint: Json, into: Json[]): void {
  if (!isConstraint(constraint)) {
    into.push(constraint)
    return
  }
  const { value, min, max, values, excluded, required, allowed, constraints } = constraint
  for (const one of [value, min, max]) if (one !== undefined) into.push(one)
  into.push(...list(values), ...list(excluded))
  for (const whole of [required, allowed]) if (Array.isArray(whole)) into.push(whole)
  for (const inner of list(constraints)) mention(inner, into)
}

function unique(values: readonly Json[]): Json[] {
  return values.filter((v, i) => values.findIndex((w) => same(v, w)) === i)
}

function subsets(values: readonly Json[]): Json[][] {
  const all: Json[][] = [[]]
  for (const v of values) all.push(...all.map((some) => [...some, v]))
  return all
}
