import fc from 'fast-check'
import { expect, it } from 'vitest'
import { smallestCut } from './choke-points.ts'
import { reach } from './fixpoint.ts'
import type { Step } from './ground.ts'

const FACTS = ['a', 'b', 'c', 'd', 'e', 'f']
const TARGETS = ['t1', 't2']

const step = (from: string, to: string): Step => ({
  ...{ from, to, rule: 'given', live: true, decided: false, sentence: '' },
})
const steps = fc.array(
  fc
    .tuple(fc.constantFrom('start', ...FACTS), fc.constantFrom(...FACTS, ...TARGETS))
    .map(([from, to]) => step(from, to)),
  { minLength: 8, maxLength: 30 },
)
/** What cannot be taken back: agents, resources. */
const fixed = fc.subarray(FACTS)

function reachedBeside(all: readonly Step[], without: readonly string[]): string[] {
  const tree = reach('start', all, new Set(without))
  return TARGETS.filter((target) => tree.has(target))
}

function subsets(items: readonly string[]): string[][] {
  let all: string[][] = [[]]
  for (const item of items) all = all.concat(all.map((some) => [...some, item]))
  return all
}

it('parts the start from every target that can be parted, with as few as any other set', () => {
  let larger = 0
  fc.assert(
    fc.property(steps, fixed, (all, kept) => {
      const isRevocable = (fact: string) => FACTS.includes(fact) && !kept.includes(fact)
      const revocable = FACTS.filter(isRevocable)
      const cut = smallestCut('start', new Set(TARGETS), all, isRevocable)
      const facts = cut.map(({ fact }) => fact)
      expect(facts.every(isRevocable)).toBe(true)
      // Targets that nothing revocable stands before stay, whatever is taken back.
      const uncut = reachedBeside(all, revocable)
      expect(reachedBeside(all, facts)).toEqual(uncut)
      const best = Math.min(
        ...subsets(revocable)
          .filter((some) => reachedBeside(all, some).length === uncut.length)
          .map(({ length }) => length),
      )
      expect(facts).toHaveLength(best)
      const before = reachedBeside(all, []).length
      expect(cut.reduce((sum, { cuts }) => sum + cuts, 0)).toBe(before - uncut.length)
      if (best > 1) larger += 1
    }),
    { numRuns: 2_000 },
  )
  expect(larger).toBeGreaterThan(20)
})

it('names first what cuts off most', () => {
  const all = [
    ...['t1', 't2', 't3'].map((target) => step('a', target)),
    ...[step('start', 'b'), step('start', 'a'), step('b', 't4')],
  ]
  const cut = smallestCut('start', new Set(['t1', 't2', 't3', 't4']), all, (fact) =>
    'ab'.includes(fact),
  )
  expect(cut).toEqual([
    { fact: 'a', cuts: 3 },
    { fact: 'b', cuts: 1 },
  ])
})
