import { expect, it } from 'vitest'
import type { FindingEvent } from '../../api/finding-feed.ts'
import { KEPT, NOTHING, withEvents } from './stream.ts'

const events = (from: number, to: number): FindingEvent[] =>
  Array.from({ length: to - from }, (_, i) => ({ cursor: String(from + i) }) as FindingEvent)

it('has the newest first and counts all, also those that it let go of', () => {
  const two = withEvents(withEvents(NOTHING, events(0, 2)), events(2, 4))
  expect(two.events.map(({ cursor }) => cursor)).toEqual(['3', '2', '1', '0'])
  const many = withEvents(two, events(4, KEPT + 10))
  expect(many.events).toHaveLength(KEPT)
  expect(many.events[0]?.cursor).toBe(String(KEPT + 9))
  expect(many.count).toBe(KEPT + 10)
})
