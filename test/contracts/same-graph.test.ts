import {
  type Column,
  EDGE_KINDS,
  type EdgeKind,
  NODE_KINDS,
  type NodeKind,
} from '@delegraph/graph-schema'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  type GraphBatch,
  type GraphEdge,
  type GraphNode,
  type GraphStore,
  openNeo4jStore,
  openSqliteStore,
} from '../../collector/src/graph/index.ts'
import { dumpOf } from './graph-store/shapes.ts'
import { openMemoryStore } from './memory-store.ts'

// More runs: DELEGRAPH_FUZZ_RUNS=500 npx vitest run test/contracts
const RUNS = Number(process.env['DELEGRAPH_FUZZ_RUNS'] ?? 25)
const SEED = 20261124
const kinds = Object.keys(NODE_KINDS) as NodeKind[]
const edgeKinds = Object.keys(EDGE_KINDS) as EdgeKind[]
const neo4j = inject('neo4j')

const stores: GraphStore[] = []

beforeAll(async () => {
  stores.push(openMemoryStore(), openSqliteStore({ file: ':memory:' }))
  if (neo4j !== null)
    stores.push(openNeo4jStore({ ...neo4j, tenant: `fuzz-${crypto.randomUUID()}` }))
  for (const store of stores) await store.init()
})

afterAll(async () => {
  for (const store of stores) {
    await store.clear()
    await store[Symbol.asyncDispose]()
  }
})

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom('\u{1f511}', '\uffff', 'k'.repeat(5_000), `'"\`\\`) },
)

/** Everything that may be said of a node of one kind: few values, so that rows meet. */
function nodeOf(kind: NodeKind): fc.Arbitrary<GraphNode> {
  const declared: Readonly<Record<string, Column>> = NODE_KINDS[kind].columns
  const columns = Object.entries(declared)
    .filter(([name]) => name !== NODE_KINDS[kind].key)
    .map(([name, { type }]) => [name, type === 'int' ? int : type === 'flag' ? fc.boolean() : key])
  return fc
    .tuple(key, fc.record(Object.fromEntries(columns), { requiredKeys: [] }), fc.boolean())
    .map(([id, values, whole]) => ({
      kind,
      key: id,
      columns: { ...values, [NODE_KINDS[kind].key]: id },
      ...(whole ? { whole: true as const } : {}),
    }))
}

const int = fc.oneof(fc.nat(3), fc.maxSafeInteger())
const node = fc.constantFrom(...kinds).chain(nodeOf)
const edge: fc.Arbitrary<GraphEdge> = fc.record({
  kind: fc.constantFrom(...edgeKinds),
  from: key,
  to: key,
})

describe('seeded batches', () => {
  it('in one order give equal dumps, positions and answers on every store', async () => {
    const batch: fc.Arbitrary<GraphBatch> = fc.record(
      {
        nodes: fc.array(node, { maxLength: 12 }),
        edges: fc.array(edge, { maxLength: 12 }),
        cleared: fc.array(fc.record({ kind: fc.constantFrom(...edgeKinds), from: key }), {
          maxLength: 3,
        }),
        position: fc.nat(),
      },
      { requiredKeys: ['nodes', 'edges'] },
    )
    const property = fc.asyncProperty(
      fc.array(batch, { minLength: 1, maxLength: 6 }),
      fc.array(key, { maxLength: 5 }),
      async (batches, keys) => {
        const answers = await Promise.all(
          stores.map(async (store) => {
            await store.clear()
            for (const one of batches) await store.write(one)
            return { dump: await dumpOf(store), rest: await answersOf(store, keys) }
          }),
        )
        for (const answer of answers) expect(answer).toEqual(answers[0])
      },
    )
    await fc.assert(property, { numRuns: RUNS, seed: SEED })
  }, 600_000)

  it('in any order, split and said twice, give the same graph on every store', async () => {
    // What is said of one key is the same each time, as it is where rows come from digests.
    const said = new Map<string, GraphNode>()
    const fact = node.map((one) => {
      const { whole, ...rest } = one
      const known = said.get(`${one.kind} ${one.key}`) ?? rest
      said.set(`${one.kind} ${one.key}`, known)
      return known
    })
    const batch = fc.record({
      nodes: fc.array(fact, { maxLength: 10 }),
      edges: fc.array(edge, { maxLength: 10 }),
    })
    const property = fc.asyncProperty(
      fc.array(batch, { minLength: 1, maxLength: 5 }).chain((batches) => {
        const parts = batches.flatMap(({ nodes, edges }) => [
          { nodes: [], edges },
          { nodes, edges: [] },
          { nodes: nodes.slice(1), edges: edges.slice(1) },
          ...nodes.map((one) => ({ nodes: [one], edges: [] })),
        ])
        const shuffled = fc.shuffledSubarray(parts, { minLength: parts.length })
        return fc.tuple(fc.constant(batches), shuffled)
      }),
      async ([batches, shuffled]) => {
        const dumps: unknown[] = []
        for (const store of stores) {
          await store.clear()
          for (const one of batches) await store.write(one)
          dumps.push(await dumpOf(store))
          await store.clear()
          for (const one of shuffled) await store.write(one)
          dumps.push(await dumpOf(store))
        }
        for (const dump of dumps) expect(dump).toEqual(dumps[0])
      },
    )
    await fc.assert(property, { numRuns: RUNS, seed: SEED })
  }, 600_000)
})

/** The same questions to each store. */
async function answersOf(store: GraphStore, keys: readonly string[]): Promise<unknown[]> {
  const page = { kind: 'Link', where: {}, limit: 3 } as const
  return Promise.all([
    store.position(),
    store.find('Link', 'hash', keys),
    store.find('Action', 'agent', keys),
    store.ancestors(keys),
    store.descendants(keys, 3),
    store.neighbours('HELD_BY', 'in', keys),
    store.neighbours('DERIVED_FROM', 'out', keys),
    store.count('Action', { equals: { settled: [true], agent: keys } }, 50),
    store.page({ ...page, orderBy: 'depth', direction: 'desc', after: { value: 2, key: 'b' } }),
    store.page({ ...page, orderBy: 'task', direction: 'asc', after: { value: 'a', key: 'b' } }),
    store.page({ ...page, orderBy: 'hash', direction: 'desc', where: { min: { depth: 1 } } }),
  ])
}
