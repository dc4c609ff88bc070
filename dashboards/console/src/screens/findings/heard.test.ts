import { expect, test } from 'vitest'
import { type Heard, NOTHING_HEARD, newsOf, withHeard } from './heard.ts'

const cursorOf = (n: number): string => String(n).padStart(8, '0')
const heardOf = (count: number): Heard =>
  Array.from({ length: count }, (_, n) => cursorOf(n + 1)).reduce(withHeard, NOTHING_HEARD)

test('what the list has is no news', () => {
  expect(newsOf(heardOf(5), cursorOf(3))).toBe(2)
  expect(newsOf(heardOf(5), cursorOf(5))).toBe(0)
  expect(newsOf(heardOf(5), '')).toBe(5)
  // The cursor of a graph without a change.
  expect(newsOf(heardOf(5), '0')).toBe(5)
})

test('very much news is counted, and not kept', () => {
  const heard = heardOf(2_000)
  expect(newsOf(heard, '')).toBe(2_000)
  expect(heard.cursors.length).toBeLessThan(1_000)
})
