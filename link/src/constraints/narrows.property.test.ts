import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../json/parse-canonical.ts'
import {
  isPlainlyWellFormed,
  plainlyAccepts,
  plainlyPermits,
} from '../testing/plain-constraints.ts'
import type { ArgumentMap, Constraint, Json } from '../types.ts'
import { accepts } from './accepts.ts'
import { narrows } from './narrows.ts'
import { permits } from './permits.ts'
import { scopeDiff } from './scope-diff.ts'
import { constraintNarrows } from './subsumes.ts'
import { isArgumentMap } from './well-formed.ts'
import { findWitness } from './witness.ts'

/**
 * The code under test against a plain evaluator that shares nothing with it. A finite domain can refute soundness and cannot prove it. More pairs by hand:
 * `NARROWING_RUNS=1000000 npx vitest run link/src/constraints/narrows.property.test.ts`.
 */
const RUNS = Number(process.env['NARROWING_RUNS'] ?? 20_000)
/** A million pairs take a minute. */
const LONG = { timeout: 600_000 }

const DOMAIN: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  1.5,
  2,
  3,
  4,
  -1,
  '',
  'a',
  'b',
  '1',
  [],
  ['a'],
  ['a', 'b'],
  ['a', 'a'],
  [1, 'a'],
  [{ a: 1, b: 2 }],
  [[]],
  [null],
  {},
  { a: 1 },
  { a: 1, b: 2 },
  // The same value in another order of members.
  { b: 2, a: 1 },
  { a: 1, b: null },
]
const MEMBERS = [
  ...['constraint_type', 'optional', 'value', 'values', 'excluded', 'required', 'allowed'],
  ...['constraints', 'min', 'max', 'min_inclusive', 'max_inclusive', 'note'],
] as const
const value = fc.constantFrom(...DOMAIN)
const values = fc.array(value, { maxLength: 4 })
const bound = fc.option(fc.constantFrom(-1, 0, 1, 1.5, 2, 3, 4), { nil: undefined })

const leaf: fc.Arbitrary<Constraint> = fc.oneof(
  fc.constant<Constraint>({ constraint_type: 'wildcard' }),
  fc
    .constantFrom(null, true, false, 0, 1, 1.5, 2, 3, 4, -1, '', 'a', 'b', '1')
    .map((exact): Constraint => ({ constraint_type: 'exact', value: exact })),
  fc.tuple(bound, bound, fc.boolean(), fc.boolean()).map(toRange),
  fc
    .array(value, { minLength: 1, maxLength: 4 })
    .map((list): Constraint => ({ constraint_type: 'one_of', values: list })),
  values.map((list): Constraint => ({ constraint_type: 'not_one_of', excluded: list })),
  values.map((list): Constraint => ({ constraint_type: 'contains', required: list })),
  values.map((list): Constraint => ({ constraint_type: 'subset', allowed: list })),
)
const { constraint } = fc.letrec<{ constraint: Constraint }>((tie) => ({
  constraint: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: leaf, weight: 4 },
    { arbitrary: clauses('all', tie('constraint')), weight: 1 },
    { arbitrary: clauses('any', tie('constraint')), weight: 1 },
  ),
}))
/** Unrelated pairs seldom narrow, so half of the children are made from their parents. */
const pair = fc.oneof(
  fc.tuple(constraint, constraint),
  fc
    .tuple(constraint, constraint, fc.nat())
    .map(([parent, other, seed]): [Constraint, Constraint] => [
      parent,
      derived(parent, other, seed),
    ]),
)

test('a constraint that narrows accepts nothing that its parent refuses', LONG, () => {
  let accepted = 0
  fc.assert(
    fc.property(pair, ([parent, child]) => {
      const narrowing = constraintNarrows(parent, child)
      if (narrowing.ok) accepted += 1
      const wider = DOMAIN.filter((item) => plainly(child, item) && !plainly(parent, item))
      if (narrowing.ok) expect(wider).toEqual([])
      else if (wider.length === 0 && narrowing.detail === 'widened') {
        const witness = findWitness(parent, child)
        expect(witness !== undefined && plainly(child, witness.value)).toBe(true)
        expect(witness !== undefined && plainly(parent, witness.value)).toBe(false)
      }
    }),
    { numRuns: RUNS },
  )
  expect(accepted).toBeGreaterThan(RUNS / 20)
})

test('a constraint accepts what the plain evaluator accepts', LONG, () => {
  fc.assert(
    fc.property(constraint, (one) => {
      const differing = DOMAIN.filter((item) => accepts(one, item) !== plainly(one, item))
      expect(differing).toEqual([])
    }),
    { numRuns: RUNS / 4 },
  )
})

test('a constraint narrows itself, and narrowing is transitive', LONG, () => {
  fc.assert(
    fc.property(constraint, constraint, constraint, fc.nat(), (a, x, y, seed) => {
      const b = derived(a, x, seed)
      const c = derived(b, y, seed >> 3)
      expect(constraintNarrows(a, a).ok).toBe(true)
      if (constraintNarrows(a, b).ok && constraintNarrows(b, c).ok)
        expect(constraintNarrows(a, c).ok).toBe(true)
    }),
    { numRuns: RUNS / 4 },
  )
})

const optional = fc.option(fc.boolean(), { nil: undefined })
const entry = fc
  .tuple(constraint, optional)
  .map(([body, flag]): Constraint => (flag === undefined ? body : { ...body, optional: flag }))
const map: fc.Arbitrary<ArgumentMap> = fc
  .tuple(fc.option(entry), fc.option(entry), fc.boolean())
  .map(([a, b, open]) => ({
    ...(a === null ? {} : { a }),
    ...(b === null ? {} : { b }),
    ...(open ? { '*': { constraint_type: 'wildcard' } } : {}),
  }))
const mapPair = fc.oneof(
  fc.tuple(map, map),
  fc
    .tuple(map, map, fc.nat())
    .map(([parent, other, seed]): [ArgumentMap, ArgumentMap] => [
      parent,
      derivedMap(parent, other, seed),
    ]),
)

test('a map that narrows permits no call that its parent refuses', LONG, () => {
  let accepted = 0
  fc.assert(
    fc.property(mapPair, ([parent, child]) => {
      const result = narrows({ 'x:t': parent }, { 'x:t': child })
      const diff = scopeDiff({ 'x:t': parent }, { 'x:t': child })[0]?.change
      expect(result.ok).toBe(diff === 'kept' || diff === 'narrowed')
      if (!result.ok) return
      accepted += 1
      expect(CALLS.filter((args) => plain(child, args) && !plain(parent, args))).toEqual([])
    }),
    { numRuns: RUNS },
  )
  expect(accepted).toBeGreaterThan(RUNS / 20)
})

test('a map permits what the plain evaluator permits', LONG, () => {
  fc.assert(
    fc.property(map, (grant) => {
      expect(CALLS.filter((args) => covers(grant, args) !== plain(grant, args))).toEqual([])
    }),
    { numRuns: RUNS / 20 },
  )
})

/** Constraints with a member added, taken away or exchanged, some of them one level down. */
const spoilt: fc.Arbitrary<Json> = fc
  .tuple(
    entry,
    fc.constantFrom(...MEMBERS),
    fc.option(
      fc.oneof(
        value,
        values,
        fc.constantFrom('wildcard', 'any', 'toString', 9, -9),
        fc.constant([]),
      ),
      {
        nil: undefined,
      },
    ),
    fc.constantFrom('all', 'any', undefined),
  )
  .map(([body, name, other, around]) => {
    const { [name]: _, ...rest } = jsonOf(body)
    const one: Json = other === undefined ? rest : { ...rest, [name]: other }
    return around === undefined ? one : { constraint_type: around, constraints: [one] }
  })

test('a constraint is well formed where the plain reader says so', LONG, () => {
  const counts = { well: 0, ill: 0 }
  fc.assert(
    fc.property(fc.oneof(spoilt, entry.map(jsonOf), value), (one) => {
      const well = isPlainlyWellFormed(one, true)
      counts[well ? 'well' : 'ill'] += 1
      expect([one, isArgumentMap({ a: one })]).toEqual([one, well])
    }),
    { numRuns: RUNS },
  )
  expect(Math.min(counts.well, counts.ill)).toBeGreaterThan(RUNS / 10)
})

test('withholding arguments never turns a refusal into a yes', LONG, () => {
  fc.assert(
    fc.property(map, fc.constantFrom(...callsOver(DOMAIN)), fc.nat(3), (grant, args, shown) => {
      const disclosed = Object.fromEntries(
        Object.entries(args).filter((_, index) => ((shown >> index) & 1) === 1),
      )
      const whole = permits({ 'x:t': grant }, { tool: 'x:t', args })
      const part = permits(
        { 'x:t': grant },
        { tool: 'x:t', args: disclosed, argNames: Object.keys(args) },
      )
      if ('unknown' in part || 'unknown' in whole) return
      expect(part.covered).toBe(whole.covered)
    }),
    { numRuns: RUNS / 2 },
  )
})

const SMALL: readonly Json[] = [null, 0, 1, 2, 'a', '1', ['a'], []]
const CALLS = callsOver(SMALL)

function callsOver(domain: readonly Json[]): readonly { readonly [name: string]: Json }[] {
  const cells = [undefined, ...domain]
  const calls = cells.flatMap((a) => cells.map((b) => ({ a, b })))
  const extra = [{}, { c: 1 }]
  return extra.flatMap((more) =>
    calls.map(({ a, b }) => ({
      ...(a === undefined ? {} : { a }),
      ...(b === undefined ? {} : { b }),
      ...more,
    })),
  )
}

/** Constraints and maps are JSON; their interfaces only lack the index signature. */
function jsonOf(one: Constraint | ArgumentMap): JsonObject {
  return one as unknown as JsonObject
}

function plainly(one: Constraint, item: Json): boolean {
  return plainlyAccepts(jsonOf(one), item)
}

function plain(grant: ArgumentMap, args: { readonly [name: string]: Json }): boolean {
  return plainlyPermits({ 'x:t': jsonOf(grant) }, 'x:t', args)
}

function covers(grant: ArgumentMap, args: { readonly [name: string]: Json }): boolean {
  const coverage = permits({ 'x:t': grant }, { tool: 'x:t', args })
  return 'covered' in coverage && coverage.covered
}

function toRange([min, max, low, high]: [
  number | undefined,
  number | undefined,
  boolean,
  boolean,
]): Constraint {
  const swap = min !== undefined && max !== undefined && min > max
  const [lower, upper] = swap ? [max, min] : [min, max]
  return {
    constraint_type: 'range',
    ...(lower === undefined ? {} : { min: lower, ...(low ? { min_inclusive: false } : {}) }),
    ...(upper === undefined ? {} : { max: upper, ...(high ? { max_inclusive: false } : {}) }),
  }
}

function clauses(type: 'all' | 'any', inner: fc.Arbitrary<Constraint>): fc.Arbitrary<Constraint> {
  return fc
    .array(inner, { minLength: 1, maxLength: 3 })
    .map((constraints) => ({ constraint_type: type, constraints }))
}

/** A child near its parent: often narrower, sometimes not. */
function derived(parent: Constraint, other: Constraint, seed: number): Constraint {
  const pick = seed % 4
  if (pick === 0) return parent
  switch (parent.constraint_type) {
    case 'wildcard':
      return other
    case 'one_of': {
      const [first] = parent.values
      if (pick === 1 && first !== undefined && (typeof first !== 'object' || first === null))
        return { constraint_type: 'exact', value: first }
      return { ...parent, values: parent.values.slice(0, pick) }
    }
    case 'range':
      if (pick === 1 && parent.min !== undefined)
        return { constraint_type: 'exact', value: parent.min }
      return pick === 2 && parent.max !== undefined
        ? { ...parent, max_inclusive: false }
        : toRange([parent.min ?? 0, parent.max ?? 3, pick === 2, pick === 3])
    case 'not_one_of':
      return { ...parent, excluded: [...parent.excluded, 'b'] }
    case 'contains':
      return { ...parent, required: [...parent.required, 'b'].slice(seed % 2) }
    case 'subset':
      return { ...parent, allowed: parent.allowed.slice(seed % 2) }
    case 'all':
      return {
        ...parent,
        constraints: [...parent.constraints.map((c) => derived(c, other, seed >> 2)), other],
      }
    case 'any':
      return {
        ...parent,
        constraints: parent.constraints.slice(0, pick).map((c) => derived(c, other, seed >> 2)),
      }
    case 'exact':
      return pick === 1 ? other : parent
  }
}

function derivedMap(parent: ArgumentMap, other: ArgumentMap, seed: number): ArgumentMap {
  const next: Record<string, Constraint> = {}
  for (const [index, [name, outer]] of Object.entries(parent).entries()) {
    const turn = (seed >> (index * 3)) % 8
    if (turn === 0) continue
    const inner = derived(outer, other['a'] ?? outer, seed >> 5)
    next[name] = name === '*' ? outer : { ...inner, ...(turn === 1 ? { optional: true } : {}) }
  }
  if (seed % 5 === 0) Object.assign(next, other)
  return next
}
