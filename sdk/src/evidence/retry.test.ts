import { afterEach, describe, expect, test, vi } from 'vitest'
import { backoff, judgeStatus } from './retry.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('an answer is judged as OTLP says', () => {
  test.each([
    [200, 'accepted'],
    [202, 'accepted'],
    [429, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
    [307, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [413, 'refused'],
    [500, 'refused'],
  ] as const)('%d is %s', (status, answer) => {
    expect(judgeStatus(status)).toBe(answer)
  })
})

describe('the wait before the next attempt', () => {
  const middle = () => 0.5
  test('doubles, and ends at half a minute', () => {
    expect([1, 2, 3, 20, 2000].map((failures) => backoff(failures, null, middle))).toEqual([
      500, 1000, 2000, 30_000, 30_000,
    ])
  })

  test('varies by a fifth to either side', () => {
    expect(backoff(1, null, () => 0)).toBe(400)
    expect(backoff(1, null, () => 1)).toBe(600)
  })

  test('is never shorter than Retry-After in seconds', () => {
    expect(backoff(1, '7', () => 0)).toBe(7000)
    expect(backoff(1, '0', () => 0)).toBe(0)
  })

  test('follows Retry-After as a date', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-24T10:00:00Z') })
    expect(backoff(1, 'Tue, 24 Nov 2026 10:00:05 GMT', () => 0)).toBe(5000)
    expect(backoff(1, 'Tue, 24 Nov 2026 09:00:00 GMT', () => 0)).toBe(0)
  })

  test('is at most a minute, whatever a collector asks for', () => {
    expect(backoff(1, '86400', () => 0)).toBe(60_000)
  })

  test.each(['soon', '-5x', '1e400', ''])('ignores Retry-After of %j', (value) => {
    expect(backoff(1, value, middle)).toBe(500)
  })
})
