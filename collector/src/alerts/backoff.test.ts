import { describe, expect, test } from 'vitest'
import { waitAfter } from './backoff.ts'
import { retryAfter } from './retry-after.ts'

describe('the wait', () => {
  const most = { random: () => 1 }
  test('doubles, up to a limit', () => {
    const waits = [1, 2, 3, 4, 20, 10_000].map((failures) => waitAfter(failures, undefined, most))
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 900_000, 900_000])
  })
  test('varies by half at most', () => {
    expect(waitAfter(3, undefined, { random: () => 0 })).toBe(2_000)
  })
  test('is never shorter than the receiver asked for', () => {
    expect(waitAfter(1, 30_000, most)).toBe(30_000)
    expect(waitAfter(10, 30_000, most)).toBe(512_000)
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 24, 10, 0, 0)
  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
    ['999999999', 3_600_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j', (header, wait) => {
    expect(retryAfter(header, now)).toBe(wait)
  })
})
