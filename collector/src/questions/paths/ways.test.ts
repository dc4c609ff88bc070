import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '../blast-radius/ground.ts'
import { shortestWays } from './ways.ts'

const step = (from: string, to: string, more: Partial<Step> = {}): Step => ({
  ...{ from, to, rule: 'given', live: true, decided: false, sentence: `${from} ${to}` },
  ...more,
})
const said = (ways: readonly (readonly Step[])[]): string[] =>
  ways.map((way) => way.map(({ to }) => to).join(''))

/** Every way that passes no fact twice and ends at the first target it meets, by trying all. */
function everyWay(start: string, targets: ReadonlySet<string>, steps: readonly Step[]): string[] {
  const found: string[] = []
  const walk = (at: string, passed: readonly string[]): void => {
    for (const to of new Set(steps.filter(({ from }) => from === at).map((one) => one.to))) {
      if (to === start || passed.includes(to)) continue
      if (targets.has(to)) found.push([...passed, to].join(''))
      else walk(to, [...passed, to])
    }
  }
  walk(start, [])
  return found
}

describe('the shortest ways', () => {
  const diamond = [
    ...[step('a', 'b'), step('b', 'd'), step('a', 'c'), step('c', 'd')],
    ...[step('b', 'c'), step('d', 'e')],
  ]

  it('come the shortest first and pass no fact twice', () => {
    const { ways, complete } = shortestWays('a', new Set(['d']), diamond, 10)
    expect(said(ways)).toEqual(['bd', 'cd', 'bcd'])
    expect(complete).toBe(true)
  })

  it('say that there are more than were asked for', () => {
    expect(shortestWays('a', new Set(['d']), diamond, 2)).toMatchObject({ complete: false })
    expect(shortestWays('a', new Set(['x']), diamond, 2)).toMatchObject({
      ...{ ways: [], complete: true },
    })
  })

  it('take of two steps between the same facts the one that holds, then the one nobody decided', () => {
    const steps = [
      step('a', 'b', { live: false }),
      step('a', 'b', { decided: true }),
      step('a', 'b', { rule: 'control' }),
    ]
    const [way] = shortestWays('a', new Set(['b']), steps, 5).ways
    expect(way).toEqual([steps[2]])
    expect(shortestWays('a', new Set(['b']), steps, 5).ways).toHaveLength(1)
  })

  it('stop where the time is over, and say so', () => {
    const late = shortestWays('a', new Set(['d']), diamond, 10, 0)
    expect(said(late.ways)).toEqual(['bd'])
    expect(late).toMatchObject({ complete: false, late: true })
  })

  it('are all there are, whatever the graph', () => {
    const fact = fc.constantFrom(...'abcdefg')
    const edge = fc.tuple(fact, fact).filter(([a, b]) => a !== b)
    fc.assert(
      fc.property(
        fc.array(edge, { maxLength: 18 }),
        fc.uniqueArray(
          fact.filter((one) => one !== 'a'),
          { minLength: 1, maxLength: 2 },
        ),
        (edges, ends) => {
          const steps = edges.map(([from, to]) => step(from, to))
          const all = everyWay('a', new Set(ends), steps)
          const { ways, complete } = shortestWays('a', new Set(ends), steps, 500)
          const found = said(ways)
          expect([...found].sort()).toEqual([...all].sort())
          expect(found.map((way) => way.length)).toEqual(
            found.map((way) => way.length).sort((a, b) => a - b),
          )
          expect(complete).toBe(true)
        },
      ),
    )
  })
})
