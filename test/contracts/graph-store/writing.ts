import { describe, expect, it } from 'vitest'
import type { GraphBatch, GraphNode } from '../../../collector/src/graph/index.ts'
import type { TheStore } from '../graph-store.ts'
import { action, derived, dumpOf, finding, link } from './shapes.ts'

export function writing(store: TheStore): void {
  const put = (...nodes: GraphNode[]): Promise<void> => store().write({ nodes, edges: [] })
  const columnsOf = async (hash: string) => {
    const [node] = await store().find('Link', 'hash', [hash])
    return node?.columns
  }

  describe('a node', () => {
    it('is created with the columns given and its key', async () => {
      await put({ kind: 'Link', key: 'a', columns: { depth: 1 } })
      expect(await columnsOf('a')).toEqual({ hash: 'a', depth: 1 })
    })

    it('that exists gets the columns given and keeps the others', async () => {
      await put(link('a', { agent: 'agent:x', depth: 1 }))
      await put(link('a', { depth: 2 }))
      expect(await columnsOf('a')).toEqual({ hash: 'a', agent: 'agent:x', depth: 2 })
    })

    it('that is whole loses what is not named, except what was learned', async () => {
      await put(link('a', { agent: 'x', depth: 1, learnedAt: 5 }))
      await put({ ...link('a', { depth: 3 }), whole: true })
      expect(await columnsOf('a')).toEqual({ hash: 'a', depth: 3, learnedAt: 5 })
    })

    it('that is whole and new has only what is named', async () => {
      await put({ ...link('a', { depth: 3 }), whole: true })
      expect(await columnsOf('a')).toEqual({ hash: 'a', depth: 3 })
    })

    it('that lost a column is no longer found by it', async () => {
      await put(link('a', { agent: 'x' }))
      await put({ ...link('a'), whole: true })
      expect(await store().find('Link', 'agent', ['x'])).toEqual([])
    })

    it('keeps the smaller time of learning, also from a whole node', async () => {
      for (const learnedAt of [50, 20, 90]) await put(link('a', { learnedAt }))
      await put({ ...link('a', { learnedAt: 70 }), whole: true })
      expect(await columnsOf('a')).toEqual({ hash: 'a', learnedAt: 20 })
    })

    it('keeps the smaller time of being raised and the last time of change', async () => {
      await put(finding('f', { raisedAt: 50, updatedAt: 50 }))
      await put(finding('f', { raisedAt: 20, updatedAt: 60 }))
      await put(finding('f', { raisedAt: 90, updatedAt: 40 }))
      const [node] = await store().find('Finding', 'id', ['f'])
      expect(node?.columns).toEqual({ id: 'f', raisedAt: 20, updatedAt: 40 })
    })

    it('that comes twice in one batch ends as the later one says', async () => {
      await put(
        link('a', { depth: 1, agent: 'x', learnedAt: 9 }),
        link('a', { depth: 2, learnedAt: 4 }),
        { ...link('b', { depth: 7 }), whole: true },
        link('b', { agent: 'y' }),
        link('c', { agent: 'z' }),
        { ...link('c', { depth: 1 }), whole: true },
      )
      expect(await columnsOf('a')).toEqual({ hash: 'a', depth: 2, agent: 'x', learnedAt: 4 })
      expect(await columnsOf('b')).toEqual({ hash: 'b', depth: 7, agent: 'y' })
      expect(await columnsOf('c')).toEqual({ hash: 'c', depth: 1 })
    })

    it('is one of its kind: the same key in two kinds is two nodes', async () => {
      await put(link('same', { depth: 1 }), action('same', { settled: true }))
      expect(await dumpOf(store())).toHaveLength(2)
    })
  })

  describe('a relationship', () => {
    it('creates the ends that have not arrived, with their key alone', async () => {
      await store().write({ nodes: [], edges: [derived('child', 'parent')] })
      expect(await columnsOf('child')).toEqual({ hash: 'child' })
      expect(await columnsOf('parent')).toEqual({ hash: 'parent' })
    })

    it('changes nothing in ends that have arrived', async () => {
      await put(link('child', { depth: 1, learnedAt: 4 }))
      await store().write({ nodes: [], edges: [derived('child', 'parent')] })
      expect(await columnsOf('child')).toEqual({ hash: 'child', depth: 1, learnedAt: 4 })
    })

    it('is written once however often it comes', async () => {
      const edges = [derived('a', 'b'), derived('a', 'b')]
      await store().write({ nodes: [], edges })
      await store().write({ nodes: [], edges })
      const dump = await dumpOf(store())
      expect(dump.filter((item) => 'from' in item)).toEqual([derived('a', 'b')])
    })

    it('is replaced where its kind is cleared from a node', async () => {
      await store().write({
        nodes: [],
        edges: [
          { kind: 'BY', from: 'x', to: 'agent:a' },
          { kind: 'BY', from: 'y', to: 'agent:a' },
          { kind: 'CALLED', from: 'x', to: 'tool:a' },
        ],
      })
      await store().write({
        nodes: [],
        edges: [{ kind: 'BY', from: 'x', to: 'agent:b' }],
        cleared: [
          { kind: 'BY', from: 'x' },
          { kind: 'BY', from: 'nobody' },
        ],
      })
      expect(await store().neighbours('BY', 'out', ['x'])).toEqual(['agent:b'])
      expect(await store().neighbours('BY', 'out', ['y'])).toEqual(['agent:a'])
      expect(await store().neighbours('CALLED', 'out', ['x'])).toEqual(['tool:a'])
      expect(await store().find('Action', 'id', ['nobody'])).toEqual([])
    })
  })

  describe('a batch', () => {
    it('carries the position; one without leaves it', async () => {
      expect(await store().position()).toBe(0)
      await store().write({ nodes: [], edges: [], position: 7 })
      await store().write({ nodes: [], edges: [] })
      expect(await store().position()).toBe(7)
      await store().write({ nodes: [], edges: [], position: Number.MAX_SAFE_INTEGER })
      expect(await store().position()).toBe(Number.MAX_SAFE_INTEGER)
    })

    it('of thousands of rows arrives whole', async () => {
      const nodes = Array.from({ length: 4_500 }, (_, i) => link(`l${i}`, { depth: i }))
      const edges = Array.from({ length: 4_499 }, (_, i) => derived(`l${i + 1}`, `l${i}`))
      await store().write({ nodes, edges })
      expect(await store().count('Link', {}, 10_000)).toBe(4_500)
      expect(await dumpOf(store())).toHaveLength(8_999)
    })

    it('that is refused writes nothing, its position included', async () => {
      await put(link('before', { depth: 1 }))
      const nameless: unknown = { kind: 'Nothing', key: 'x', columns: {} }
      const bad: readonly unknown[] = [
        nameless,
        { kind: 'toString', key: 'x', columns: {} },
        link('x', { nothing: 'y' }),
        link('x', { ['__proto__']: 'y', constructor: 'y' }),
        link('x', { depth: 1.5 }),
        link('x', { depth: Number.NaN }),
        link('x', { depth: 2 ** 53 }),
        link('x', { depth: 'deep' }),
        link('x', { agent: 7 }),
        link('x', { agent: true }),
        action('x', { settled: 1 }),
        { ...link('x'), key: 'y' },
        { ...link('x'), key: 7 },
      ]
      for (const node of bad) {
        const batch = { nodes: [link('before', { depth: 2 }), link('n1'), node], edges: [] }
        await expect(store().write({ ...batch, position: 9 } as GraphBatch)).rejects.toMatchObject({
          code: 'store_misuse',
        })
      }
      const edge = { kind: 'KNOWS', from: 'a', to: 'b' }
      const gone = { edges: [], removed: [{ kind: 'Nothing', key: 'a' }] }
      for (const part of [
        { edges: [edge] },
        { edges: [], cleared: [edge] },
        gone,
        { position: -1 },
      ]) {
        const batch = { nodes: [link('n1')], edges: [], ...part } as GraphBatch
        await expect(store().write(batch)).rejects.toMatchObject({ code: 'store_misuse' })
      }
      expect(await columnsOf('before')).toEqual({ hash: 'before', depth: 1 })
      expect(await dumpOf(store())).toHaveLength(1)
      expect(await store().position()).toBe(0)
    })
  })

  describe('what is removed', () => {
    it('goes with every relationship that it has, and nothing else does', async () => {
      await store().write({
        nodes: [link('a'), link('b'), link('c'), action('a'), finding('f')],
        edges: [
          derived('b', 'a'),
          derived('c', 'b'),
          { kind: 'ABOUT_LINK', from: 'f', to: 'b' },
          { kind: 'ABOUT_ACTION', from: 'f', to: 'a' },
        ],
      })
      await store().write({ nodes: [], edges: [], removed: [{ kind: 'Link', key: 'b' }] })
      expect(await dumpOf(store())).toEqual([
        action('a'),
        finding('f'),
        link('a'),
        link('c'),
        { kind: 'ABOUT_ACTION', from: 'f', to: 'a' },
      ])
      expect(await store().ancestors(['c'])).toEqual([link('c')])
    })

    it('may be there anew from the same batch, as what is named there alone', async () => {
      await put(link('a', { agent: 'x', depth: 1, learnedAt: 3 }))
      await store().write({
        nodes: [link('a', { depth: 2 })],
        edges: [derived('b', 'a')],
        removed: [
          { kind: 'Link', key: 'a' },
          { kind: 'Link', key: 'nobody' },
        ],
      })
      expect(await columnsOf('a')).toEqual({ hash: 'a', depth: 2 })
      expect(await store().neighbours('DERIVED_FROM', 'out', ['b'])).toEqual(['a'])
    })
  })

  it('leaves nothing behind when it is cleared', async () => {
    const edges = Array.from({ length: 1_200 }, (_, i) => ({
      kind: 'BY' as const,
      from: `a${i}`,
      to: 'agent:busy',
    }))
    await store().write({ nodes: [finding('f')], edges, position: 3 })
    await store().clear()
    expect(await dumpOf(store())).toEqual([])
    expect(await store().position()).toBe(0)
  })

  it('is the same after it is initialised again', async () => {
    await store().write({ nodes: [link('a', { depth: 1 })], edges: [], position: 3 })
    await store().init()
    expect(await columnsOf('a')).toEqual({ hash: 'a', depth: 1 })
    expect(await store().position()).toBe(3)
  })
}
