import { expect, it } from 'vitest'
import { duration } from './time.ts'

it.each([
  [0, '0 s'],
  [340, '0.3 s'],
  [12_000, '12 s'],
  [161_000, '2 m 41 s'],
  [120_000, '2 m'],
  [3 * 3_600_000 + 5 * 60_000 + 2_000, '3 h 5 m'],
  [26 * 3_600_000, '1 d 2 h'],
])('%i ms is %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text))
