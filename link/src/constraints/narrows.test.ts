import { describe, expect, test } from 'vitest'
import type { ArgumentMap, Constraint } from '../types.ts'
import { narrows } from './narrows.ts'
import { constraintNarrows } from './subsumes.ts'

const exact = (value: string | number): Constraint => ({ constraint_type: 'exact', value })
const oneOf = (...values: (string | number)[]): Constraint => ({
  constraint_type: 'one_of',
  values,
})
const notOneOf = (...excluded: string[]): Constraint => ({
  constraint_type: 'not_one_of',
  excluded,
})
const range = (min?: number, max?: number): Constraint => ({
  constraint_type: 'range',
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
})
const contains = (...required: string[]): Constraint => ({ constraint_type: 'contains', required })
const subset = (...allowed: string[]): Constraint => ({ constraint_type: 'subset', allowed })
const all = (...constraints: Constraint[]): Constraint => ({ constraint_type: 'all', constraints })
const any = (...constraints: Constraint[]): Constraint => ({ constraint_type: 'any', constraints })
const wildcard: Constraint = { constraint_type: 'wildcard' }
const below5: Constraint = { constraint_type: 'range', max: 5, max_inclusive: false }

describe('a child constraint', () => {
  test.each<[string, Constraint, Constraint, 'ok' | 'widened' | 'unproven']>([
    ['anything under wildcard', wildcard, range(1), 'ok'],
    ['the same exact value', exact('a'), exact('a'), 'ok'],
    ['another exact value', exact('a'), exact('b'), 'widened'],
    ['a string under its number', exact(400), exact('400'), 'widened'],
    ['one_of with the one value', exact('a'), oneOf('a'), 'unproven'],
    ['an equal range', range(0, 5), range(0, 5), 'ok'],
    ['an exclusive bound under an inclusive one', range(undefined, 5), below5, 'ok'],
    ['a tighter maximum without the minimum', range(0, 5), below5, 'widened'],
    ['an inclusive bound under an exclusive one', below5, range(undefined, 5), 'widened'],
    ['a range without a bound of its parent', range(0, 5), range(0), 'widened'],
    ['one_of numbers inside a range', range(0, 500), oneOf(10, 20), 'unproven'],
    ['one_of with a number outside a range', range(0, 500), oneOf(10, 501), 'widened'],
    ['fewer values', oneOf('a', 'b'), oneOf('b'), 'ok'],
    ['one value more', oneOf('a', 'b'), oneOf('a', 'b', 'c'), 'widened'],
    ['more exclusions', notOneOf('a'), notOneOf('b', 'a'), 'ok'],
    ['an exclusion less', notOneOf('a', 'b'), notOneOf('a'), 'widened'],
    ['one_of beside the exclusions', notOneOf('a'), oneOf('b'), 'unproven'],
    ['more required members', contains('a'), contains('b', 'a'), 'ok'],
    ['a required member less', contains('a', 'b'), contains('a'), 'widened'],
    ['fewer allowed members', subset('a', 'b'), subset('a'), 'ok'],
    ['an allowed member more', subset('a'), subset('a', 'b'), 'widened'],
    ['contains under subset', subset('a'), contains('a'), 'widened'],
    ['a clause more in all', all(subset('a', 'b')), all(subset('a'), contains('a')), 'ok'],
    ['a clause less in all', all(contains('a'), contains('b')), all(contains('a')), 'widened'],
    ['one clause for two of the parent', all(wildcard, wildcard), all(exact(5)), 'ok'],
    ['an alternative less', any(exact('a'), exact('b')), any(exact('b')), 'ok'],
    ['an alternative more', any(exact('a')), any(exact('a'), exact('c')), 'widened'],
    ['an alternative of another type', any(oneOf('pdf', 'csv')), any(exact('pdf')), 'ok'],
    ['a plain constraint under any', any(exact('a')), exact('a'), 'unproven'],
    ['wildcard under an all of wildcards', all(wildcard), wildcard, 'unproven'],
    ['wildcard under anything narrower', notOneOf('a'), wildcard, 'widened'],
  ])('%s', (_, parent, child, expected) => {
    const narrowing = constraintNarrows(parent, child)
    expect(narrowing.ok ? 'ok' : narrowing.detail).toBe(expected)
  })
})

describe('a child map', () => {
  const named: ArgumentMap = { a: exact('x'), b: { ...exact('y'), optional: true } }
  const open: ArgumentMap = { a: exact('x'), '*': wildcard }
  test.each<[string, ArgumentMap, ArgumentMap, string]>([
    ['the same', named, named, 'ok'],
    ['an optional argument left out of a closed map', named, { a: exact('x') }, 'ok'],
    ['an optional argument made required', named, { a: exact('x'), b: exact('y') }, 'ok'],
    ['a required argument left out', named, { b: exact('y') }, 'argument_dropped'],
    [
      'a required argument made optional',
      named,
      { a: { ...exact('x'), optional: true } },
      'argument_made_optional',
    ],
    [
      'a new argument under a closed map',
      named,
      { a: exact('x'), c: exact('z') },
      'argument_not_granted',
    ],
    ['a new argument under an open map', open, { a: exact('x'), c: exact('z') }, 'ok'],
    ['an open map under a closed one', { a: exact('x') }, open, 'opened_to_unnamed_arguments'],
    ['an open map closed', open, { a: exact('x') }, 'ok'],
    ['an empty map under a closed one', named, {}, 'opened_to_unnamed_arguments'],
    ['an empty map under an empty one', {}, {}, 'ok'],
    ['an empty map under a bare star', { '*': wildcard }, {}, 'ok'],
    ['anything under an empty map', {}, named, 'ok'],
    [
      'an optional limit lost behind a star',
      { ...open, b: { ...exact('y'), optional: true } },
      open,
      'argument_dropped',
    ],
    ['a wider argument', named, { a: oneOf('x', 'z') }, 'constraint_wider'],
    ['an argument called like a method', {}, { constructor: exact('x') }, 'ok'],
    [
      'an argument called like a method under a closed map',
      { a: exact('x') },
      { a: exact('x'), toString: exact('x') },
      'argument_not_granted',
    ],
  ])('%s', (_, parent, child, expected) => {
    const result = narrows({ 'x:t': parent }, { 'x:t': child })
    expect(result.ok ? 'ok' : result.problems[0]?.reason).toBe(expected)
  })
})

describe('child tools', () => {
  const map = { a: exact('x') }

  test('dropping a tool narrows', () => {
    expect(narrows({ 'x:t': map, 'x:u': map }, { 'x:t': map })).toEqual({ ok: true })
  })

  test('each tool that the parent lacks is named', () => {
    const result = narrows({ 'x:t': map }, { 'x:u': map, 'x:T': map, 'x:toString': map })
    expect(result.ok ? [] : result.problems).toMatchObject([
      { tool: 'x:u', reason: 'tool_not_granted' },
      { tool: 'x:T', reason: 'tool_not_granted' },
      { tool: 'x:toString', reason: 'tool_not_granted' },
    ])
  })

  test('a tool called like a method is not found on the prototype', () => {
    expect(narrows({}, { constructor: map }).ok).toBe(false)
  })

  test('the second grant of a parent does not lend its limit to the first', () => {
    const parent = { 'x:pay': { to: exact('A'), max: range(0, 10) } }
    const child = { 'x:pay': { to: oneOf('A', 'B'), max: range(0, 10) } }
    expect(narrows(parent, child)).toMatchObject({ ok: false, detail: 'widened' })
  })

  test('one widened problem makes the whole widened', () => {
    const parent = { 'x:t': { a: exact('x'), b: range(0, 5) } }
    const child = { 'x:t': { a: oneOf('x'), b: range(0, 6) } }
    const result = narrows(parent, child)
    expect(result).toMatchObject({ ok: false, detail: 'widened' })
    expect(result.ok ? [] : result.problems.map((p) => p.detail)).toEqual(['unproven', 'widened'])
  })
})
