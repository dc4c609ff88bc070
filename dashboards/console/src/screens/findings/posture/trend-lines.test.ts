import { expect, it } from 'vitest'
import { BOX, trendLines } from './trend-lines.ts'

const day = (open: number, accepted = 0, closed = 0) => ({
  ...{ at: '2026-11-24T23:59:59.999Z', raised: 0, withdrawn: 0 },
  ...{ open, accepted, closed },
})
const heights = (line: string): number[] =>
  line.split(' ').map((point) => Number(point.split(',')[1]))

it('draws more higher, on one scale from nothing up', () => {
  const { lines, xs, ticks } = trendLines([day(0, 1), day(4, 1), day(12, 1, 20)])
  const floor = BOX.height - BOX.bottom
  expect(ticks).toEqual([
    { value: 0, y: floor },
    { value: 10, y: (floor + BOX.top) / 2 },
    { value: 20, y: BOX.top },
  ])
  const [none, some, more] = heights(lines.open)
  expect(none).toBe(floor)
  expect(Number(some)).toBeGreaterThan(Number(more))
  expect(heights(lines.closed).at(-1)).toBe(BOX.top)
  expect(new Set(heights(lines.accepted)).size).toBe(1)
  expect(xs).toEqual([...xs].sort((a, b) => a - b))
  expect(Math.min(...xs)).toBeGreaterThan(BOX.left)
  expect(Math.max(...xs)).toBeLessThan(BOX.width - BOX.right)
})

it('draws nothing at all on the floor, and the ticks are whole', () => {
  const { lines, ticks } = trendLines([day(0)])
  expect(heights(lines.open)).toEqual([BOX.height - BOX.bottom])
  expect(ticks.map(({ value }) => value)).toEqual([0, 1])
})
