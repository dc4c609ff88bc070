import {
  type ArgumentMap,
  type Constraint,
  canonicalize,
  constraintNarrows,
  type Json,
  narrows,
  permits,
} from '@delegraph/link'
import type { Call } from '../../verify/call.ts'

/** A grant of one tool that covers calls and lies inside the one that covered them. */
export interface Narrower {
  readonly map: ArgumentMap
  /** Arguments whose limit stays because no value left the process. */
  readonly withheld: readonly string[]
}

/** Values that are listed one by one at most; beyond it numbers become a range, others keep their limit. */
const MAX_VALUES = 8
const ANY = '*'

/**
 * The least of a granted map that these calls need: `exact`, `one_of` or `range` of what was disclosed,
 * argument by argument. Whatever cannot be shown to lie inside what is granted stays as it is.
 */
export function narrowed(tool: string, granted: ArgumentMap, calls: readonly Call[]): Narrower {
  const named = new Set(Object.keys(granted).filter((name) => name !== ANY))
  const isOpen = Object.hasOwn(granted, ANY) || named.size === 0
  // A map that names what was passed forbids all else; that takes the names of every call.
  const passed = calls.map(namesOf)
  const closes = isOpen && passed.every((names) => names !== undefined)
  const all = new Set([...named, ...(closes ? passed.flatMap((names) => names ?? []) : [])])
  const map: Record<string, Constraint> = {}
  const withheld: string[] = []
  for (const name of [...all].sort()) {
    const outer = named.has(name) ? granted[name] : undefined
    const used = calls.filter((call) => namesOf(call)?.includes(name) ?? true)
    // An argument that nobody passed need not be allowed, where it may be left out.
    if (used.length === 0 && (outer === undefined || outer.optional === true) && !isOpen) continue
    const values = used.map((call) => call.args?.[name])
    const isShown = values.length > 0 && values.every((value) => value !== undefined)
    const optional = outer === undefined ? used.length < calls.length : outer.optional === true
    const candidates = isShown ? leastOf(values) : []
    if (!isShown && used.length > 0 && outer?.constraint_type !== 'exact') withheld.push(name)
    const kept = outer ?? ({ constraint_type: 'wildcard' } as const)
    const least = candidates.find((inner) => constraintNarrows(kept, inner).ok) ?? kept
    const { optional: _, ...body } = least
    map[name] = { ...body, ...(optional ? { optional: true } : {}) } as Constraint
  }
  if (isOpen && !closes) map[ANY] = granted[ANY] ?? { constraint_type: 'wildcard' }
  const isEmpty = Object.keys(map).length === 0
  // `{}` is open: a call without arguments cannot be granted any narrower.
  const candidate = isEmpty ? granted : map
  return fits(tool, granted, candidate, calls)
    ? { map: candidate, withheld }
    : { map: granted, withheld: [] }
}

/** Inside what is granted, and each call is covered as well as it was. */
function fits(
  tool: string,
  granted: ArgumentMap,
  map: ArgumentMap,
  calls: readonly Call[],
): boolean {
  return (
    narrows({ [tool]: granted }, { [tool]: map }).ok &&
    calls.every((call) => {
      const [before, after] = [granted, map].map((one) => permits({ [tool]: one }, call))
      return JSON.stringify(before) === JSON.stringify(after)
    })
  )
}

function namesOf({ args, argNames }: Call): readonly string[] | undefined {
  return argNames ?? (args === undefined ? undefined : Object.keys(args))
}

/** Constraints that accept just these values, or nearly: the tightest that reads well first. */
function leastOf(values: readonly (Json | undefined)[]): Constraint[] {
  const distinct = new Map(
    values.flatMap((value) => (value === undefined ? [] : [[canonicalize(value), value] as const])),
  )
  const known = [...distinct.values()]
  const [only] = known
  const numbers = known.filter((value): value is number => typeof value === 'number')
  const exact: Constraint[] =
    known.length === 1 && isPlain(only) ? [{ constraint_type: 'exact', value: only }] : []
  const listed: Constraint[] =
    known.length <= MAX_VALUES ? [{ constraint_type: 'one_of', values: known }] : []
  const range: Constraint[] =
    numbers.length === known.length
      ? [{ constraint_type: 'range', min: Math.min(...numbers), max: Math.max(...numbers) }]
      : []
  return known.length > 2 ? [...range, ...listed] : [...exact, ...listed, ...range]
}

function isPlain(value: Json | undefined): value is null | boolean | number | string {
  return value !== undefined && (value === null || typeof value !== 'object')
}
