import { describe, expect, it } from 'vitest'
import { reachGraph } from './reach-graph.ts'
import { placedIn } from './reach-places.ts'
import { row, START } from './testing/reach-row.ts'

const SIZE = { width: 900, height: 400 }
const MARGIN = { width: 130, height: 40 }

describe('the places in the picture', () => {
  it.each([3, 200])(
    'are of one fact each, whether they stand in a column or in a circle: %i',
    (n) => {
      const many = Array.from({ length: n }, (_, i) => row(`a${i}`, 'x#read', ['l', `l${i}`]))
      const places = placedIn(reachGraph(START, many, []), SIZE, MARGIN)
      const distinct = new Set([...places.values()].map(({ x, y }) => `${x} ${y}`))
      expect(distinct.size).toBe(places.size)
    },
  )

  it('take all the room there is, and leave the margin', () => {
    const deep = Array.from({ length: 12 }, (_, i) =>
      row(
        `a${i}`,
        'x#read',
        Array.from({ length: i + 1 }, (_, hop) => `l${hop}`),
      ),
    )
    const places = [...placedIn(reachGraph(START, deep, []), SIZE, MARGIN).values()]
    const edges = (of: number[]): number[] => [Math.min(...of), Math.max(...of)].map(Math.round)
    expect(edges(places.map(({ x }) => x))).toEqual([130, 770])
    expect(edges(places.map(({ y }) => y))).toEqual([40, 360])
  })

  it('of a circle are as wide as they are high', () => {
    const many = Array.from({ length: 60 }, (_, i) => row(`a${i}`, 'x#read', [`l${i}`]))
    const places = [...placedIn(reachGraph(START, many, []), SIZE, MARGIN).values()]
    const extent = (of: number[]): number => Math.max(...of) - Math.min(...of)
    const ratio = extent(places.map(({ x }) => x)) / extent(places.map(({ y }) => y))
    expect(ratio).toBeCloseTo(1, 1)
  })

  it('end where a forged witness goes in a circle', () => {
    const round = row('worker', 'x#deploy', ['a', 'b', 'a'])
    expect(placedIn(reachGraph(START, [round], []), SIZE, MARGIN).size).toBe(4)
  })
})
