import { describe, expect, it } from 'vitest'
import { refreshAfter, retryAfter } from './refresh-time.ts'
import type { Source } from './source.ts'

const access = { hosts: [], allowAddresses: [] }
const jwks: Source = { kind: 'jwks', name: 'a', url: 'https://a.example/', access }
const bundle: Source = { kind: 'spiffe_bundle', name: 'b', url: 'https://b.example/', access }

describe('a source is asked again', () => {
  it.each([
    ['as it wishes', jwks, 600, 600],
    ['not all the time', jwks, 0, 60],
    ['not next year', jwks, 31_536_000, 3_600],
    ['in a quarter of an hour where it does not say', jwks, undefined, 900],
    ['in five minutes where a bundle does not say', bundle, undefined, 300],
  ])('%s', (_, source, wish, seconds) => {
    expect(refreshAfter(source, wish, 0)).toBe(seconds * 1000)
    expect(refreshAfter(source, wish, 0.5)).toBe(seconds * 950)
  })

  it('later and later where it does not answer, within bounds', () => {
    const seconds = [1, 2, 3, 7, 1_000_000].map((failures) => retryAfter(failures, 0) / 1000)
    expect(seconds).toEqual([60, 120, 240, 3_600, 3_600])
  })
})
