import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  GraphBatch,
  GraphEdge,
  GraphNode,
  GraphStore,
} from '../../collector/src/graph/index.ts'
import { storesUnderTest } from '../harness/stores.ts'

const stores = storesUnderTest()

async function dumpOf(store: GraphStore): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of store.dump()) items.push(item)
  return items
}

function link(hash: string, columns: GraphNode['columns'] = {}): GraphNode {
  return { kind: 'Link', key: hash, columns: { hash, ...columns } }
}

function derived(from: string, to: string): GraphEdge {
  return { kind: 'DERIVED_FROM', from, to }
}

const HOSTILE = [
  `'; DROP TABLE "Link"; --`,
  '`) DETACH DELETE n //',
  '"quoted" \\ back',
  'null',
  '\u0000zero',
  'snow ☃ and 𝄞',
  '$tenant',
]

for (const { name, open } of stores) {
  describe(`the graph store contract on ${name}`, () => {
    let store: GraphStore
    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => {
      await store.clear()
      await store[Symbol.asyncDispose]()
    })

    it('begins at position 0 and keeps the position of a batch', async () => {
      expect(await store.position()).toBe(0)
      await store.write({ nodes: [], edges: [], position: 7 })
      expect(await store.position()).toBe(7)
    })

    it('says that it is well', async () => {
      expect(await store.health()).toMatchObject({ ok: true })
    })

    it('creates a node, then sets the columns given and leaves the others', async () => {
      await store.write({ nodes: [link('a', { agent: 'agent:x', depth: 1 })], edges: [] })
      await store.write({ nodes: [link('a', { depth: 2 })], edges: [] })
      const [node] = await store.find('Link', 'hash', ['a'])
      expect(node).toEqual({
        kind: 'Link',
        key: 'a',
        columns: { hash: 'a', agent: 'agent:x', depth: 2 },
      })
    })

    it('removes what a whole node does not name, except when it was learned', async () => {
      await store.write({ nodes: [link('w', { agent: 'x', depth: 1, learnedAt: 5 })], edges: [] })
      await store.write({ nodes: [{ ...link('w', { depth: 3 }), whole: true }], edges: [] })
      const [node] = await store.find('Link', 'hash', ['w'])
      expect(node?.columns).toEqual({ hash: 'w', depth: 3, learnedAt: 5 })
    })

    it('keeps the smaller time of learning', async () => {
      for (const learnedAt of [50, 20, 90]) {
        await store.write({ nodes: [link('t', { learnedAt })], edges: [] })
      }
      const [node] = await store.find('Link', 'hash', ['t'])
      expect(node?.columns['learnedAt']).toBe(20)
    })

    it('lets the later of two nodes of one key in one batch win', async () => {
      await store.write({
        nodes: [link('two', { depth: 1, agent: 'x' }), link('two', { depth: 2 })],
        edges: [],
      })
      const [node] = await store.find('Link', 'hash', ['two'])
      expect(node?.columns).toEqual({ hash: 'two', depth: 2, agent: 'x' })
    })

    it('gives flags, large integers and long text back as they were', async () => {
      const text = 'x'.repeat(1_000_000)
      const at = Number.MAX_SAFE_INTEGER
      const node: GraphNode = {
        kind: 'Action',
        key: 'types',
        columns: { id: 'types', settled: false, at, verdict: text },
      }
      await store.write({ nodes: [node], edges: [] })
      expect(await store.find('Action', 'id', ['types'])).toEqual([node])
    })

    it('takes any text as key and value and none of it as a command', async () => {
      const nodes = HOSTILE.map((text) => link(text, { agent: text }))
      await store.write({ nodes, edges: [] })
      for (const text of HOSTILE) {
        const [node] = await store.find('Link', 'agent', [text])
        expect(node?.key).toBe(text)
      }
    })

    it('creates the ends of a relationship that have not arrived', async () => {
      await store.write({ nodes: [], edges: [derived('late-child', 'late-parent')] })
      const found = await store.find('Link', 'hash', ['late-child', 'late-parent'])
      expect(found.map((node) => node.columns)).toEqual([
        { hash: 'late-child' },
        { hash: 'late-parent' },
      ])
    })

    it('walks up and down, these included above and excluded below', async () => {
      const edges = [derived('c1', 'c0'), derived('c2', 'c1'), derived('d2', 'c1')]
      await store.write({ nodes: ['c0', 'c1', 'c2', 'd2'].map((hash) => link(hash)), edges })
      const keys = (nodes: readonly GraphNode[]) => nodes.map((node) => node.key)
      expect(keys(await store.ancestors(['c2']))).toEqual(['c0', 'c1', 'c2'])
      expect(keys(await store.ancestors(['c2', 'd2']))).toEqual(['c0', 'c1', 'c2', 'd2'])
      expect(keys(await store.descendants(['c0'], 10))).toEqual(['c1', 'c2', 'd2'])
      expect(keys(await store.descendants(['c0'], 2))).toHaveLength(2)
      expect(await store.ancestors(['nobody'])).toEqual([])
    })

    it('ends on a cycle and on a chain of any length', async () => {
      const ring = [derived('r1', 'r2'), derived('r2', 'r3'), derived('r3', 'r1')]
      await store.write({ nodes: [], edges: ring })
      expect(await store.ancestors(['r1'])).toHaveLength(3)
      const long = Array.from({ length: 40 }, (_, i) => derived(`l${i + 1}`, `l${i}`))
      await store.write({ nodes: [], edges: long })
      expect(await store.ancestors(['l40'])).toHaveLength(17)
    })

    it('finds neighbours on both sides', async () => {
      const edges: GraphEdge[] = [
        { kind: 'USED', from: 'x1', to: 'p1' },
        { kind: 'USED', from: 'x2', to: 'p1' },
      ]
      await store.write({ nodes: [], edges })
      expect(await store.neighbours('USED', 'in', ['p1'])).toEqual(['x1', 'x2'])
      expect(await store.neighbours('USED', 'out', ['x1', 'x2'])).toEqual(['p1'])
    })

    it('replaces the relationships that a batch clears', async () => {
      const by = (to: string): GraphEdge => ({ kind: 'BY', from: 'act', to })
      await store.write({ nodes: [], edges: [by('agent:a')] })
      const cleared = [{ kind: 'BY' as const, from: 'act' }]
      await store.write({ nodes: [], edges: [by('agent:b')], cleared })
      expect(await store.neighbours('BY', 'out', ['act'])).toEqual(['agent:b'])
    })

    it('pages in a total order, ties by key, without gaps or repeats', async () => {
      const nodes = Array.from(
        { length: 25 },
        (_, i): GraphNode => ({
          kind: 'Finding',
          key: `f${String(i).padStart(2, '0')}`,
          columns: {
            id: `f${String(i).padStart(2, '0')}`,
            severity: i % 3,
            state: 'open',
            rule: 'D1',
          },
        }),
      )
      await store.write({ nodes, edges: [] })
      for (const direction of ['asc', 'desc'] as const) {
        const seen: string[] = []
        let after: { value: number; key: string } | undefined
        for (;;) {
          const page = await store.page({
            kind: 'Finding',
            where: { equals: { state: ['open'] } },
            orderBy: 'severity',
            direction,
            limit: 7,
            ...(after === undefined ? {} : { after }),
          })
          const last = page.at(-1)
          if (last === undefined) break
          seen.push(...page.map((node) => node.key))
          after = { value: Number(last.columns['severity']), key: last.key }
        }
        expect(seen).toHaveLength(25)
        expect(new Set(seen).size).toBe(25)
        const levels = seen.map((key) => Number(key.slice(1)) % 3)
        const sign = direction === 'asc' ? 1 : -1
        expect(levels).toEqual([...levels].sort((a, b) => sign * (a - b)))
      }
    })

    it('filters by several values, a least and a greatest', async () => {
      const where = { equals: { rule: ['D1'] }, min: { severity: 1 }, max: { severity: 1 } }
      expect(await store.count('Finding', where, 100)).toBe(8)
      expect(await store.count('Finding', where, 5)).toBe(5)
      expect(await store.count('Finding', { equals: { rule: ['D1', 'D2'] } }, 100)).toBe(25)
      expect(await store.count('Finding', { equals: { rule: [] } }, 100)).toBe(0)
    })

    if (name !== 'memory') {
      it('writes nothing of a batch that it refuses', async () => {
        const bad: GraphBatch[] = [
          { nodes: [link('n1'), link('n2', { nothing: 'x' })], edges: [] },
          { nodes: [link('n1'), link('n2', { depth: 1.5 })], edges: [] },
          { nodes: [link('n1'), link('n2', { depth: 'deep' })], edges: [] },
        ]
        for (const batch of bad) {
          await expect(store.write(batch)).rejects.toMatchObject({ code: 'store_misuse' })
        }
        expect(await store.find('Link', 'hash', ['n1'])).toEqual([])
        await expect(store.find('Link', 'text', ['x'])).rejects.toMatchObject({
          code: 'store_misuse',
        })
      })
    }

    it('is empty after it was cleared', async () => {
      await store.clear()
      expect(await dumpOf(store)).toEqual([])
      expect(await store.position()).toBe(0)
    })
  })
}

describe('any order, split and repetition of the same batches', () => {
  it('gives equal graphs on every store', async () => {
    const runs =
      process.env['DELEGRAPH_FUZZ_RUNS'] === undefined
        ? 12
        : Number(process.env['DELEGRAPH_FUZZ_RUNS'])
    const opened = await Promise.all(stores.map(({ open }) => open()))
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const node = key.map((hash) =>
      link(hash, { agent: `agent:${hash}`, depth: hash.charCodeAt(0) }),
    )
    const edge = fc.tuple(key, key).map(([from, to]) => derived(from, to))
    const batch = fc.record({ nodes: fc.array(node), edges: fc.array(edge) })
    const property = fc.asyncProperty(
      fc.array(batch, { maxLength: 6 }),
      fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      async (batches, order) => {
        const dumps: string[] = []
        for (const store of opened) {
          await store.clear()
          for (const one of batches) await store.write(one)
          dumps.push(JSON.stringify(await dumpOf(store)))
          await store.clear()
          const split = batches.flatMap(({ nodes, edges }) => [
            { nodes: [], edges },
            { nodes, edges: [] },
            { nodes, edges },
          ])
          const shuffled = split
            .map((one, i) => ({ one, rank: order[i % order.length] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
          for (const { one } of shuffled) await store.write(one)
          dumps.push(JSON.stringify(await dumpOf(store)))
        }
        expect(new Set(dumps).size).toBe(1)
      },
    )
    await fc.assert(property, { numRuns: runs, seed: 20261124 })
    for (const store of opened) await store[Symbol.asyncDispose]()
  }, 120_000)
})
