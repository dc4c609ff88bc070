import { expect, it } from 'vitest'
import { changesOf, decidedBy, indexOf } from './replay-words.ts'

it('finds the place that a slip names', () => {
  const text = 'one\ntwo\n\nfour'
  expect(indexOf(text, 1, 1)).toBe(0)
  expect(indexOf(text, 2, 3)).toBe(6)
  expect(indexOf(text, 4, 1)).toBe(9)
  expect(indexOf(text, 9, 9)).toBe(text.length)
})

it('asks for what is not the same, unless something else is asked for', () => {
  expect(changesOf(undefined)).not.toContain('SAME')
  expect(changesOf('same')).toEqual(['SAME'])
})

it('says what decided, and never that a policy did where the chain does', () => {
  const of = { by: 'POLICY', after: 'DENY', policies: ['a', 'b'], missing: [] } as const
  expect(decidedBy(of)).toBe('a, b')
  expect(decidedBy({ ...of, policies: [] })).toBe('nothing permits it')
  expect(decidedBy({ ...of, by: 'CHAIN' })).toContain('the chain')
  expect(decidedBy({ ...of, after: null, missing: ['context.approval'] })).toBe(
    'hangs on context.approval',
  )
})
