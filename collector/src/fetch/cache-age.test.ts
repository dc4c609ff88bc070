import { expect, it } from 'vitest'
import { cacheAge } from './cache-age.ts'

it.each([
  [undefined, undefined],
  ['', undefined],
  ['max-age=300', 300],
  ['public, Max-Age="60", must-revalidate', 60],
  ['max-age=300, no-store', 0],
  ['no-cache', 0],
  ['s-maxage=9', undefined],
  ['max-age=-1', undefined],
  ['max-age=99999999999999', undefined],
])('cache-control %s stays fresh for %s seconds', (header, seconds) => {
  expect(cacheAge(header)).toBe(seconds)
})
