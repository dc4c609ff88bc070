import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Budget } from '../types.ts'
import { crossingOf } from '../verify/judge-budgets.ts'
import { budgetProblems } from './budgets.ts'

const TOOL = 'x:pay'
const kept = { [TOOL]: {} }
const whole = fc.integer({ min: 0, max: 12 })
const budget: fc.Arbitrary<Budget> = fc.oneof(
  fc.record({ max_lifetime: whole }),
  fc.record({ max_subtree: whole }),
  fc.record({ max_lifetime: whole, max_subtree: whole }),
)
const budgets = fc.option(
  fc.dictionary(fc.constantFrom('a', 'b'), budget, { minKeys: 1 }).map((map) => ({ [TOOL]: map })),
  { nil: undefined },
)
/** Calls under one link, or below it, each with an amount for both arguments. */
const history = fc.array(fc.record({ below: fc.boolean(), a: whole, b: whole }), { maxLength: 4 })
type Call = { readonly below: boolean; readonly a: number; readonly b: number }

/** Plain arithmetic, that shares nothing with what is tested. */
function admits(
  limits: Record<string, Record<string, Budget>> | undefined,
  calls: readonly Call[],
) {
  return Object.entries(limits?.[TOOL] ?? {}).every(([name, { max_lifetime, max_subtree }]) => {
    let own = 0
    let all = 0
    for (const call of calls) {
      const amount = name === 'a' ? call.a : call.b
      all += amount
      if (!call.below) own += amount
    }
    return own <= (max_lifetime ?? Infinity) && all <= (max_subtree ?? Infinity)
  })
}

test('whatever a narrower child admits, its parent would have admitted', () => {
  let inside = 0
  fc.assert(
    fc.property(budgets, budgets, history, (parent, child, calls) => {
      if (budgetProblems(parent, child, kept).length > 0) return
      inside += 1
      if (admits(child, calls)) expect(admits(parent, calls)).toBe(true)
    }),
    { numRuns: 20_000 },
  )
  expect(inside).toBeGreaterThan(2000)
})

test('whatever is called wider admits something that its parent does not', () => {
  let wider = 0
  fc.assert(
    fc.property(budgets, budgets, (parent, child) => {
      const problems = budgetProblems(parent, child, kept)
      if (!problems.some(({ detail }) => detail === 'widened')) return
      wider += 1
      const amounts = [...Array(14).keys()]
      const single = amounts.flatMap((amount) =>
        [true, false].flatMap((below) => [
          [{ below, a: amount, b: 0 }],
          [{ below, a: 0, b: amount }],
        ]),
      )
      expect(single.some((calls) => admits(child, calls) && !admits(parent, calls))).toBe(true)
    }),
    { numRuns: 5_000 },
  )
  expect(wider).toBeGreaterThan(1000)
})

test('sums are exact, whatever their size and order', () => {
  const cents = fc.integer({ min: 0, max: 1_000_000 })
  fc.assert(
    fc.property(fc.array(cents, { maxLength: 20 }), cents, (amounts, max) => {
      let total = 0
      const first = amounts.findIndex((amount) => {
        total += amount
        return total > max
      })
      const { exceeded = -1 } = crossingOf(
        amounts.map((amount) => amount / 100),
        max / 100,
      )
      expect(exceeded).toBe(first)
    }),
  )
  expect(crossingOf([1e308, 1e308], 1.5e308)).toEqual({ exceeded: 1 })
  expect(crossingOf([5e-324, 1], 1)).toEqual({ exceeded: 1 })
  expect(crossingOf([1, undefined, 2], 2)).toEqual({ unknown: 1, exceeded: 2 })
})
