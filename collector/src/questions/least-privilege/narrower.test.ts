import { type ArgumentMap, type Constraint, type Json, narrows, permits } from '@delegraph/link'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Call } from '../../verify/call.ts'
import { narrowed } from './narrower.ts'

const TOOL = 'https://tools.example.com/mcp#pay'
const exact = (value: string | number): Constraint => ({ constraint_type: 'exact', value })
const call = (args: Readonly<Record<string, Json>>, argNames = Object.keys(args)): Call => ({
  tool: TOOL,
  args,
  argNames,
})

describe('the least of a grant that calls need', () => {
  it.each<[string, ArgumentMap, Call[], ArgumentMap]>([
    [
      'one value is exact',
      { to: { constraint_type: 'wildcard' } },
      [call({ to: 'a' })],
      { to: exact('a') },
    ],
    [
      'a few are listed',
      { to: { constraint_type: 'wildcard' } },
      [call({ to: 'a' }), call({ to: 'b' })],
      { to: { constraint_type: 'one_of', values: ['a', 'b'] } },
    ],
    [
      'numbers become a range',
      { amount: { constraint_type: 'range', max: 500 } },
      [call({ amount: 3 }), call({ amount: 40 }), call({ amount: 7 })],
      { amount: { constraint_type: 'range', min: 3, max: 40 } },
    ],
    [
      'two numbers within a range keep its form',
      { amount: { constraint_type: 'range', max: 500 } },
      [call({ amount: 3 }), call({ amount: 40 })],
      { amount: { constraint_type: 'range', min: 3, max: 40 } },
    ],
    [
      'an open grant closes over what was passed',
      {},
      [call({ to: 'a' }), call({ to: 'a', note: 'x' })],
      { to: exact('a'), note: { ...exact('x'), optional: true } },
    ],
    [
      'an argument that nobody passed is not granted where it may be left out',
      { to: exact('a'), note: { constraint_type: 'wildcard', optional: true } },
      [call({ to: 'a' })],
      { to: exact('a') },
    ],
  ])('%s', (_, granted, calls, expected) => {
    expect(narrowed(TOOL, granted, calls)).toEqual({ map: expected, withheld: [] })
  })

  it('keeps the limit of what was not disclosed, and says so', () => {
    const granted: ArgumentMap = {
      to: { constraint_type: 'wildcard' },
      note: { constraint_type: 'wildcard' },
    }
    const calls = [call({ to: 'a' }, ['to', 'note'])]
    expect(narrowed(TOOL, granted, calls)).toEqual({
      map: { to: exact('a'), note: { constraint_type: 'wildcard' } },
      withheld: ['note'],
    })
  })

  it('leaves a grant open where the names of a call are not known', () => {
    const calls: Call[] = [{ tool: TOOL }]
    expect(narrowed(TOOL, {}, calls).map['*']).toEqual({ constraint_type: 'wildcard' })
  })

  const value = fc.constantFrom<Json>('a', 'b', 'c', 1, 2, 3, 4.5, null, true, ['a'], { k: 1 })
  const constraint = fc.oneof(
    fc.constant<Constraint>({ constraint_type: 'wildcard' }),
    fc.constantFrom('a', 1).map(exact),
    fc
      .array(value, { minLength: 1, maxLength: 4 })
      .map((values): Constraint => ({ constraint_type: 'one_of', values })),
    fc.constant<Constraint>({ constraint_type: 'range', min: 1, max: 4 }),
    fc.constant<Constraint>({ constraint_type: 'not_one_of', excluded: ['c'] }),
    fc.constant<Constraint>({ constraint_type: 'subset', allowed: ['a', 'b'] }),
  )
  const map = fc
    .dictionary(
      fc.constantFrom('x', 'y', '*'),
      fc
        .tuple(constraint, fc.boolean())
        .map(([body, optional]): Constraint => (optional ? { ...body, optional } : body)),
    )
    .map(
      (one): ArgumentMap =>
        one['*'] === undefined ? one : { ...one, '*': { constraint_type: 'wildcard' } },
    )
  const anyCall = fc
    .tuple(
      fc.dictionary(fc.constantFrom('x', 'y', 'z'), value),
      fc.subarray(['x', 'y', 'z']),
      fc.boolean(),
    )
    .map(([args, hidden, known]): Call => {
      const shown = Object.fromEntries(
        Object.entries(args).filter(([name]) => !hidden.includes(name)),
      )
      return known
        ? { tool: TOOL, args: shown, argNames: Object.keys(args).sort() }
        : { tool: TOOL, args: shown }
    })

  it('is inside what is granted, and covers each call as well as that did', () => {
    let narrower = 0
    fc.assert(
      fc.property(map, fc.array(anyCall, { minLength: 1, maxLength: 6 }), (granted, calls) => {
        const used = calls.filter((one) => {
          const answer = permits({ [TOOL]: granted }, one)
          return 'unknown' in answer || answer.covered
        })
        if (used.length === 0) return
        const { map: least } = narrowed(TOOL, granted, used)
        expect(narrows({ [TOOL]: granted }, { [TOOL]: least })).toEqual({ ok: true })
        if (JSON.stringify(least) !== JSON.stringify(granted)) narrower += 1
        for (const one of used)
          expect(permits({ [TOOL]: least }, one)).toEqual(permits({ [TOOL]: granted }, one))
      }),
      { numRuns: 3_000 },
    )
    expect(narrower).toBeGreaterThan(300)
  })
})
