import { expect, it } from 'vitest'
import { branchesOf } from './branches.ts'
import { action, link, path } from './testing/chain.ts'

const FAILED = { state: 'FAILED', code: 'expired', detail: null, meaning: null, text: 'x' } as const

/** h0 hands on to h1, and to `side`, which hands on to `below`. */
const tree = [
  ...path(2),
  link('side', { parentHash: 'h0', depth: 1 }),
  link('below', { parentHash: 'side', depth: 2 }),
]

it('a chain that is one line has no branches', () => {
  expect(branchesOf(path(5), [])).toEqual({ branches: [], all: 0 })
  expect(branchesOf([], [])).toEqual({ branches: [], all: 0 })
})

it('says who handed to whom from where they part, and which of them went wrong', () => {
  const { branches, all } = branchesOf(tree, [
    action('a', { link: { hash: 'h1' }, effect: 'OK' }),
    action('b', { link: { hash: 'below' }, effect: 'FAILED' }),
    action('c', { link: { hash: 'side' }, effect: 'DENIED' }),
    // Above the fork it is of neither.
    action('d', { link: { hash: 'h0' }, effect: 'FAILED' }),
  ])
  expect(all).toBe(2)
  expect(branches).toEqual([
    { leaf: 'below', names: ['h0', 'side', 'below'], troubles: ['1 call failed', '1 call denied'] },
    { leaf: 'h1', names: ['h0', 'h1'], troubles: [] },
  ])
})

it('counts links that do not hold, and those that never came', () => {
  const links = tree.map((one) =>
    one.hash === 'below'
      ? { ...one, verdict: FAILED }
      : one.hash === 'h1'
        ? { ...one, arrived: false }
        : one,
  )
  expect(branchesOf(links, []).branches.map(({ troubles }) => troubles)).toEqual([
    ['1 link missing'],
    ['1 link does not hold'],
  ])
})

it('tells no more than can be read of a wide chain, and how many there are', () => {
  const wide = [
    ...path(1),
    ...Array.from({ length: 400 }, (_, i) => link(`w${i}`, { parentHash: 'h0', depth: 1 })),
  ]
  const { branches, all } = branchesOf(wide, [])
  expect(all).toBe(400)
  expect(branches).toHaveLength(12)
})
