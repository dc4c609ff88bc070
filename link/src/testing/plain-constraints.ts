import type { Json } from '../types.ts'

/**
 * AAT-02 sections 3.3 and 3.4 once more, read off the draft in the plainest way and sharing nothing
 * with the code under test: values compare by their spelling, every rule is one line of its own.
 */

type Members = { readonly [name: string]: Json }

/** Whether a constraint admits a value. */
export function plainlyAccepts(constraint: Json, value: Json): boolean {
  const c = constraint as Members
  const inside = (list: Json | undefined, item: Json) => spellings(listOf(list)).has(spell(item))
  const type = c['constraint_type']
  if (type === 'wildcard') return true
  if (type === 'exact') return spell(value) === spell(c['value'] ?? null)
  if (type === 'one_of') return inside(c['values'], value)
  if (type === 'not_one_of') return !inside(c['excluded'], value)
  if (type === 'all') return !listOf(c['constraints']).some((one) => !plainlyAccepts(one, value))
  if (type === 'any') return listOf(c['constraints']).some((one) => plainlyAccepts(one, value))
  if (type === 'contains')
    return Array.isArray(value) && listOf(c['required']).every((item) => inside(value, item))
  if (type === 'subset')
    return Array.isArray(value) && listOf(value).every((item) => inside(c['allowed'], item))
  if (type === 'range') {
    if (typeof value !== 'number') return false
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = c
    const low = c['min_inclusive'] === false ? value > Number(min) : value >= Number(min)
    const high = c['max_inclusive'] === false ? value < Number(max) : value <= Number(max)
    return low && high
  }
  throw new Error('no constraint of the draft')
}

/** Whether tools admit a call with all its arguments shown. */
export function plainlyPermits(tools: Json, tool: string, args: Members): boolean {
  const map = (tools as Members)[tool] as Members | undefined
  if (map === undefined) return false
  const named = Object.keys(map).filter((name) => name !== '*')
  for (const name of named) {
    const constraint = map[name] as Members
    const value = args[name]
    if (value === undefined && constraint['optional'] !== true) return false
    if (value !== undefined && !plainlyAccepts(constraint, value)) return false
  }
  const open = '*' in map || named.length === 0
  return open || Object.keys(args).every((name) => named.includes(name))
}

const SHAPES: { readonly [type: string]: (c: Members) => readonly string[] | undefined } = {
  wildcard: () => [],
  exact: (c) => (isObject(c['value']) || c['value'] === undefined ? undefined : ['value']),
  one_of: (c) => (listOf(c['values']).length > 0 ? ['values'] : undefined),
  not_one_of: (c) => (Array.isArray(c['excluded']) ? ['excluded'] : undefined),
  contains: (c) => (Array.isArray(c['required']) ? ['required'] : undefined),
  subset: (c) => (Array.isArray(c['allowed']) ? ['allowed'] : undefined),
  all: clauses,
  any: clauses,
  range: ({ min, max, min_inclusive: low, max_inclusive: high }) => {
    const isBound = (bound?: Json) => bound === undefined || typeof bound === 'number'
    const isFlag = (flag: Json | undefined, bound?: Json) =>
      flag === undefined || (typeof flag === 'boolean' && bound !== undefined)
    const fits = isBound(min) && isBound(max) && isFlag(low, min) && isFlag(high, max)
    const crossed = min !== undefined && max !== undefined && Number(min) > Number(max)
    return fits && !crossed ? ['min', 'max', 'min_inclusive', 'max_inclusive'] : undefined
  },
}

function clauses(c: Members): readonly string[] | undefined {
  const list = listOf(c['constraints'])
  const fits = list.length > 0 && list.every((one) => isPlainlyWellFormed(one))
  return fits ? ['constraints'] : undefined
}

/** Whether a constraint is one of the draft, without a member that nobody would read. */
export function isPlainlyWellFormed(constraint: Json | undefined, ofArgument = false): boolean {
  if (!isObject(constraint) || Array.isArray(constraint)) return false
  const c = constraint as Members
  const type = c['constraint_type']
  if (typeof type !== 'string' || !Object.keys(SHAPES).includes(type)) return false
  const members = SHAPES[type]?.(c)
  if (members === undefined) return false
  if (ofArgument && 'optional' in c && typeof c['optional'] !== 'boolean') return false
  const known = [...members, 'constraint_type', ...(ofArgument ? ['optional'] : [])]
  return Object.keys(c).every((name) => known.includes(name))
}

/** JSON with its members sorted; -0 is 0. */
export function spell(value: Json): string {
  if (!isObject(value)) return JSON.stringify(value)
  const known = SPELT.get(value as object)
  const spelt = known ?? spellObject(value)
  if (known === undefined) SPELT.set(value as object, spelt)
  return spelt
}

/** The same values are compared a million times over. */
const SPELT = new WeakMap<object, string>()
const LISTS = new WeakMap<readonly Json[], ReadonlySet<string>>()

function spellObject(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spell).join()}]`
  const members = Object.entries(value as Members).map(([name, one]) => [name, spell(one)] as const)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${one}`).join()}}`
}

function spellings(list: readonly Json[]): ReadonlySet<string> {
  const known = LISTS.get(list)
  const spelt = known ?? new Set(list.map(spell))
  if (known === undefined) LISTS.set(list, spelt)
  return spelt
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function isObject(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null
}
