import { describe, expect, it } from 'vitest'
import type { GraphNode, PageQuery } from '../../../collector/src/graph/index.ts'
import type { TheStore } from '../graph-store.ts'
import { finding, keysOf } from './shapes.ts'

const MANY: readonly GraphNode[] = Array.from({ length: 25 }, (_, i) => {
  const id = `f${String((i * 7) % 25).padStart(2, '0')}`
  return finding(id, {
    severity: i % 3,
    state: i % 5 === 0 ? 'withdrawn' : 'open',
    rule: `D${i % 4}`,
  })
})

const BY_SEVERITY: PageQuery = {
  kind: 'Finding',
  where: {},
  orderBy: 'severity',
  direction: 'asc',
  limit: 100,
}

export function paging(store: TheStore): void {
  const write = (nodes: readonly GraphNode[]): Promise<void> => store().write({ nodes, edges: [] })
  const pages = async (query: PageQuery): Promise<string[]> => {
    const seen: string[] = []
    let last: GraphNode | undefined
    do {
      const value = last?.columns[query.orderBy]
      const after =
        last === undefined || value === undefined ? {} : { after: { value, key: last.key } }
      const page = await store().page({ ...query, ...after })
      seen.push(...keysOf(page))
      last = page.at(-1)
    } while (last !== undefined && seen.length < 1_000)
    return seen
  }

  describe('pages', () => {
    for (const direction of ['asc', 'desc'] as const) {
      it(`run ${direction} in a total order, ties by key, without gaps or repeats`, async () => {
        await write(MANY)
        const sign = direction === 'asc' ? 1 : -1
        const expected = [...MANY].sort(
          (a, b) =>
            sign * (Number(a.columns['severity']) - Number(b.columns['severity'])) ||
            (a.key < b.key ? -1 : 1),
        )
        for (const limit of [1, 7, 25, 100]) {
          expect(await pages({ ...BY_SEVERITY, direction, limit })).toEqual(keysOf(expected))
        }
      })
    }

    it('are ordered by text columns and by the key too', async () => {
      await write(MANY)
      const sorted = keysOf(MANY).sort()
      expect(await pages({ ...BY_SEVERITY, orderBy: 'id', limit: 4 })).toEqual(sorted)
      const down = { ...BY_SEVERITY, orderBy: 'id', direction: 'desc', limit: 4 } as const
      expect(await pages(down)).toEqual(sorted.reverse())
      const rules = await store().page({ ...BY_SEVERITY, orderBy: 'rule' })
      const names = rules.map((node) => String(node.columns['rule']))
      expect(names).toEqual([...names].sort())
    })

    it('leave out nodes without the column', async () => {
      await write([finding('a'), finding('b', { severity: 1 })])
      expect(keysOf(await store().page(BY_SEVERITY))).toEqual(['b'])
    })

    it('of nothing are empty', async () => {
      await write(MANY)
      expect(await store().page({ ...BY_SEVERITY, limit: 0 })).toEqual([])
      expect(await store().page({ ...BY_SEVERITY, kind: 'Alert', orderBy: 'id' })).toEqual([])
    })

    it('and counts refuse what is not declared', async () => {
      const wrong: Partial<PageQuery>[] = [
        { orderBy: 'nothing' },
        { orderBy: 'severity DESC; --' },
        { orderBy: 'body' },
        { orderBy: 'pages' },
        { limit: -1 },
        { limit: 1.5 },
        { limit: Number.POSITIVE_INFINITY },
        { where: { equals: { nothing: ['x'] } } },
        { where: { equals: { severity: ['x'] } } },
        { where: { min: { rule: 1 } } },
        { where: { max: { nothing: 1 } } },
        { where: { min: { severity: Number.NaN } } },
      ]
      for (const part of wrong) {
        await expect(store().page({ ...BY_SEVERITY, ...part })).rejects.toMatchObject({
          code: 'store_misuse',
        })
      }
      for (const { where } of wrong.filter((part) => part.where !== undefined)) {
        await expect(store().count('Finding', where ?? {}, 10)).rejects.toMatchObject({
          code: 'store_misuse',
        })
      }
    })
  })

  it('filters by alternatives, flags, a least and a greatest', async () => {
    await write([
      ...MANY,
      finding('p', { pages: true, severity: 9 }),
      finding('q', { pages: false }),
    ])
    const count = (where: PageQuery['where'], limit = 100) => store().count('Finding', where, limit)
    expect(await count({})).toBe(27)
    expect(await count({}, 5)).toBe(5)
    expect(await count({}, 0)).toBe(0)
    expect(await count({ equals: { rule: ['D1'] } })).toBe(6)
    expect(await count({ equals: { rule: ['D1', 'D2', 'D1'] } })).toBe(12)
    expect(await count({ equals: { rule: [] } })).toBe(0)
    expect(await count({ equals: { rule: ['D1'], state: ['open'] } })).toBe(5)
    expect(await count({ equals: { severity: [0, 2] } })).toBe(17)
    expect(await count({ equals: { pages: [true] } })).toBe(1)
    expect(await count({ equals: { pages: [false, true] } })).toBe(2)
    expect(await count({ equals: { id: ['f00', 'f01', 'none'] } })).toBe(2)
    expect(await count({ min: { severity: 1 } })).toBe(17)
    expect(await count({ min: { severity: 1 }, max: { severity: 1 } })).toBe(8)
    expect(await count({ max: { severity: -1 } })).toBe(0)
  })

  it('pages under filters, over the same column too', async () => {
    await write(MANY)
    const where = { equals: { state: ['open'] }, min: { severity: 1 }, max: { severity: 2 } }
    const seen = await pages({ ...BY_SEVERITY, where, direction: 'desc', limit: 3 })
    expect(seen).toHaveLength(await store().count('Finding', where, 100))
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('pages over times as large as integers go', async () => {
    const times = [0, 1, 2 ** 31, 2 ** 52, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, -5]
    await write(times.map((at, i) => ({ kind: 'Action', key: `a${i}`, columns: { at } })))
    const seen = await pages({ ...BY_SEVERITY, kind: 'Action', orderBy: 'at', limit: 2 })
    expect(seen).toEqual(['a6', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5'])
  })
}
