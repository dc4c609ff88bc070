import fc from 'fast-check'
import { expect, it } from 'vitest'
import { listOf, oneOf, parseSearch, stringifySearch } from './search-text.ts'

it('reads back what it wrote, whatever the names and values are', () => {
  const value = fc.string({ minLength: 1 })
  const search = fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    fc.oneof(value, fc.array(value, { minLength: 2 })),
  )
  fc.assert(
    fc.property(search, (given) => {
      expect(parseSearch(stringifySearch(given))).toEqual({ ...given })
    }),
  )
})

it('leaves out what says nothing', () => {
  expect(stringifySearch({ a: undefined, b: [], c: false, d: null })).toBe('')
  expect(stringifySearch({ pages: true, rule: ['D1', 'D2'] })).toBe('?pages=true&rule=D1&rule=D2')
})

it('takes only what is allowed, each once', () => {
  const search = parseSearch('?grade=PROVEN&grade=nonsense&grade=PROVEN&view=graph')
  expect(listOf(search, 'grade', ['PROVEN', 'SIGNED'])).toEqual(['PROVEN'])
  expect(oneOf(search, 'view', ['lanes', 'graph'])).toBe('graph')
  expect(oneOf(search, 'view', ['lanes'])).toBeUndefined()
})
