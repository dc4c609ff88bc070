import { describe, expect, it } from 'vitest'
import type { EdgeKind, NodeKind } from '../../../collector/src/graph/index.ts'
import type { TheStore } from '../graph-store.ts'
import { action, derived, dumpOf, keysOf, link } from './shapes.ts'

export function reading(store: TheStore): void {
  it('says that it is well and what it is', async () => {
    const health = await store().health()
    expect(health.ok).toBe(true)
    expect(health.engine).toMatch(/^(memory|SQLite 3\.\d+\.\d+|Neo4j \d+\.\d+\.\d+)$/)
  })

  it('changes nothing by saying so', async () => {
    await store().health()
    expect(await dumpOf(store())).toEqual([])
  })

  describe('find', () => {
    it('gives nodes of one kind by an indexed column, ordered by key, each once', async () => {
      await store().write({
        nodes: [
          link('c', { agent: 'x' }),
          link('a', { agent: 'y' }),
          link('b', { agent: 'x' }),
          link('d', { agent: 'z' }),
          link('e'),
          action('a', { agent: 'x' }),
        ],
        edges: [],
      })
      expect(keysOf(await store().find('Link', 'agent', ['y', 'x', 'x', 'none']))).toEqual([
        'a',
        'b',
        'c',
      ])
      expect(keysOf(await store().find('Link', 'agent', ['y', 'x'], 2))).toEqual(['a', 'b'])
      expect(keysOf(await store().find('Link', 'hash', ['b', 'c', 'a'], 2))).toEqual(['a', 'b'])
      expect(await store().find('Link', 'agent', ['x'], 0)).toEqual([])
      await expect(store().find('Link', 'agent', ['x'], -1)).rejects.toMatchObject({
        code: 'store_misuse',
      })
      expect(await store().find('Link', 'agent', [])).toEqual([])
      expect(await store().find('Action', 'agent', ['x'])).toEqual([action('a', { agent: 'x' })])
    })

    it('takes thousands of values', async () => {
      const nodes = Array.from({ length: 300 }, (_, i) => link(`l${i}`, { agent: `agent:${i}` }))
      await store().write({ nodes, edges: [] })
      const values = Array.from({ length: 5_000 }, (_, i) => `agent:${i}`)
      expect(await store().find('Link', 'agent', values)).toHaveLength(300)
      const keys = Array.from({ length: 5_000 }, (_, i) => `l${i}`)
      expect(await store().find('Link', 'hash', keys)).toHaveLength(300)
    })

    it('refuses a column that is not declared, has no index or is no text', async () => {
      const wrong: [string, string][] = [
        ['Link', 'text'],
        ['Link', 'nothing'],
        ['Link', 'hash` OR 1=1 --'],
        ['Link', '__proto__'],
        ['Action', 'at'],
        ['Nothing', 'id'],
      ]
      for (const [kind, column] of wrong) {
        await expect(store().find(kind as NodeKind, column, ['x'])).rejects.toMatchObject({
          code: 'store_misuse',
        })
      }
    })
  })

  describe('chains', () => {
    it('are walked up with their start and down without it', async () => {
      const edges = [derived('c1', 'c0'), derived('c2', 'c1'), derived('d2', 'c1')]
      await store().write({ nodes: [link('c2', { depth: 2 }), link('lone')], edges })
      expect(await store().ancestors(['c2'])).toEqual([
        link('c0'),
        link('c1'),
        link('c2', { depth: 2 }),
      ])
      expect(keysOf(await store().ancestors(['d2', 'c2', 'lone']))).toEqual([
        'c0',
        'c1',
        'c2',
        'd2',
        'lone',
      ])
      expect(keysOf(await store().descendants(['c0'], 10))).toEqual(['c1', 'c2', 'd2'])
      expect(keysOf(await store().descendants(['c0', 'c1'], 10))).toEqual(['c2', 'd2'])
      expect(keysOf(await store().descendants(['c0'], 2))).toEqual(['c1', 'c2'])
      expect(await store().descendants(['c0'], 0)).toEqual([])
    })

    it('that nobody knows have no ancestors and no descendants', async () => {
      expect(await store().ancestors(['nobody'])).toEqual([])
      expect(await store().descendants(['nobody'], 10)).toEqual([])
      expect(await store().ancestors([])).toEqual([])
      expect(await store().descendants([], 10)).toEqual([])
    })

    it('are followed sixteen hops and no further', async () => {
      const edges = Array.from({ length: 40 }, (_, i) => derived(`l${i + 1}`, `l${i}`))
      await store().write({ nodes: [], edges })
      const above = keysOf(await store().ancestors(['l16']))
      expect(above).toHaveLength(17)
      expect(above).toContain('l0')
      expect(keysOf(await store().ancestors(['l17']))).not.toContain('l0')
      expect(await store().descendants(['l0'], 100)).toHaveLength(16)
    })

    it('that form a ring end', async () => {
      const edges = [
        derived('r1', 'r2'),
        derived('r2', 'r3'),
        derived('r3', 'r1'),
        derived('s', 's'),
      ]
      await store().write({ nodes: [], edges })
      expect(keysOf(await store().ancestors(['r1']))).toEqual(['r1', 'r2', 'r3'])
      expect(keysOf(await store().descendants(['r1'], 10))).toEqual(['r2', 'r3'])
      expect(keysOf(await store().ancestors(['s']))).toEqual(['s'])
      expect(await store().descendants(['s'], 10)).toEqual([])
    })

    it('with very many paths between the same links end as soon', async () => {
      // 6 to the power of 16 paths lead from the bottom to the top.
      const layers = Array.from({ length: 17 }, (_, i) =>
        [0, 1, 2, 3, 4, 5].map((n) => `${i}.${n}`),
      )
      const edges = layers.flatMap((lower, i) =>
        lower.flatMap((from) => (layers[i + 1] ?? []).map((to) => derived(from, to))),
      )
      await store().write({ nodes: [], edges })
      expect(await store().ancestors(['0.0'])).toHaveLength(1 + 16 * 6)
      expect(await store().descendants(['16.0'], 1_000)).toHaveLength(16 * 6)
    })
  })

  it('finds neighbours on both sides, each once and in order', async () => {
    await store().write({
      nodes: [],
      edges: [
        { kind: 'USED', from: 'x2', to: 'p1' },
        { kind: 'USED', from: 'x1', to: 'p1' },
        { kind: 'USED', from: 'x1', to: 'p2' },
        { kind: 'UNDER', from: 'x3', to: 'p1' },
      ],
    })
    expect(await store().neighbours('USED', 'in', ['p1', 'p2', 'p1'])).toEqual(['x1', 'x2'])
    expect(await store().neighbours('USED', 'out', ['x1', 'x2'])).toEqual(['p1', 'p2'])
    expect(await store().neighbours('UNDER', 'in', ['p1'])).toEqual(['x3'])
    expect(await store().neighbours('USED', 'in', ['p1', 'p2'], 1)).toEqual(['x1'])
    expect(await store().neighbours('USED', 'in', ['p1', 'p2'], 9)).toEqual(['x1', 'x2'])
    expect(await store().neighbours('USED', 'in', ['p1'], 0)).toEqual([])
    await expect(store().neighbours('USED', 'in', ['p1'], -1)).rejects.toMatchObject({
      code: 'store_misuse',
    })
    expect(await store().neighbours('USED', 'out', [])).toEqual([])
    expect(await store().neighbours('USED', 'out', ['nobody'])).toEqual([])
    await expect(store().neighbours('KNOWS' as EdgeKind, 'in', ['x'])).rejects.toMatchObject({
      code: 'store_misuse',
    })
  })

  it('dumps in a total order, without what was learned, told or sent', async () => {
    await store().write({
      nodes: [
        link('b', { issuer: 'i', depth: 1, learnedAt: 5 }),
        link('a'),
        action('z', { settled: false }),
        { kind: 'Alert', key: 'al', columns: { id: 'al', attempts: 3, state: 'owed' } },
        {
          kind: 'FindingEvent',
          key: '1',
          columns: { cursor: '1', finding: 'f', change: 'raised' },
        },
      ],
      edges: [derived('b', 'a'), { kind: 'BY', from: 'z', to: 'agent:x' }, derived('a', 'b')],
    })
    const dump = await dumpOf(store())
    expect(dump).toEqual([
      action('z', { settled: false }),
      { kind: 'Agent', key: 'agent:x', columns: { id: 'agent:x' } },
      link('a'),
      link('b', { issuer: 'i', depth: 1 }),
      { kind: 'BY', from: 'z', to: 'agent:x' },
      derived('a', 'b'),
      derived('b', 'a'),
    ])
    const columns = dump.flatMap((item) => ('columns' in item ? [Object.keys(item.columns)] : []))
    expect(columns).toEqual(columns.map((names) => [...names].sort()))
  })

  it('dumps graphs of several pages without gaps or repeats', async () => {
    const nodes = Array.from({ length: 2_100 }, (_, i) => link(`l${i}`))
    const edges = Array.from({ length: 2_100 }, (_, i) => derived(`l${i}`, `l${i % 7}`))
    await store().write({ nodes, edges })
    const lines = (await dumpOf(store())).map((item) => JSON.stringify(item))
    expect(lines).toHaveLength(4_200)
    expect(new Set(lines).size).toBe(4_200)
  })
}
