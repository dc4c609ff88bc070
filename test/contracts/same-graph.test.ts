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

const batch: fc.Arbitrary<GraphBatch> = fc.record(
  {
    nodes: fc.array(node, { maxLength: 12 }),
    edges: fc.array(edge, { maxLength: 12 }),
    cleared: fc.array(fc.record({ kind: fc.constantFrom(...edgeKinds), from: key }), {
      maxLength: 3,
    }),
    removed: fc.array(fc.record({ kind: fc.constantFrom(...kinds), key }), { maxLength: 4 }),
    position: fc.nat(),
  },
  { requiredKeys: ['nodes', 'edges'] },
)

describe('seeded batches', () => {
  it('in one order give equal dumps, positions and answers on every store', async () => {
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
    const facts = fc.record({
      nodes: fc.array(fact, { maxLength: 10 }),
      edges: fc.array(edge, { maxLength: 10 }),
    })
    const property = fc.asyncProperty(
      fc.array(facts, { minLength: 1, maxLength: 5 }).chain((batches) => {
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

  // The embedded store has a file for each graph; in one database they could mix.
  it.runIf(neo4j !== null)(
    'of two tenants leave each with the graph that it would have alone',
    async () => {
      if (neo4j === null) return
      const run = crypto.randomUUID()
      const shared = ['1', '2'].map((n) => openNeo4jStore({ ...neo4j, tenant: `${run}-${n}` }))
      const alone = [openMemoryStore(), openMemoryStore()]
      await using cleanup = new AsyncDisposableStack()
      for (const store of [...shared, ...alone]) {
        cleanup.use(store)
        cleanup.defer(() => store.clear())
        await store.init()
      }
      const step = fc.oneof(
        { weight: 8, arbitrary: batch },
        { weight: 1, arbitrary: fc.constant('clear' as const) },
      )
      const property = fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(1), step), { minLength: 2, maxLength: 8 }),
        fc.array(key, { maxLength: 5 }),
        async (steps, keys) => {
          for (const store of [...shared, ...alone]) await store.clear()
          for (const [who, what] of steps) {
            for (const store of [shared[who], alone[who]]) {
              if (what === 'clear') await store?.clear()
              else await store?.write(what)
            }
          }
          for (const [who, store] of shared.entries()) {
            const own = alone[who] ?? store
            expect(await dumpOf(store)).toEqual(await dumpOf(own))
            expect(await answersOf(store, keys)).toEqual(await answersOf(own, keys))
          }
        },
      )
      await fc.assert(property, { numRuns: RUNS, seed: SEED })
    },
    600_000,
  )
})

/** What can be asked of a store; dumps are compared by themselves, and statements by what they find. */
type Asked = Exclude<
  keyof GraphStore,
  'name' | 'init' | 'health' | 'write' | 'clear' | 'dump' | 'cypher' | typeof Symbol.asyncDispose
>

/** The same questions to each store, of every kind that there is. */
async function answersOf(store: GraphStore, keys: readonly string[]): Promise<unknown[]> {
  const page = { kind: 'Link', where: {}, limit: 3 } as const
  const answers: Readonly<Record<Asked, readonly Promise<unknown>[]>> = {
    position: [store.position()],
    find: [store.find('Link', 'hash', keys), store.find('Action', 'agent', keys)],
    ancestors: [store.ancestors(keys)],
    descendants: [store.descendants(keys, 3)],
    neighbours: [
      store.neighbours('HELD_BY', 'in', keys),
      store.neighbours('DERIVED_FROM', 'out', keys),
    ],
    count: [store.count('Action', { equals: { settled: [true], agent: keys } }, 50)],
    groups: [
      store.groups({
        ...page,
        ...{ by: 'task', orderBy: 'depth', direction: 'desc' },
        ...{ distinct: 'agent', span: 'depth', lead: 'depth' },
      }),
    ],
    values: [store.values('Action', 'agent', 3), store.values('Link', 'hash', 3)],
    page: [
      store.page({ ...page, orderBy: 'depth', direction: 'desc', after: { value: 2, key: 'b' } }),
      store.page({ ...page, orderBy: 'task', direction: 'asc', after: { value: 'a', key: 'b' } }),
      store.page({ ...page, orderBy: 'hash', direction: 'desc', where: { min: { depth: 1 } } }),
    ],
  }
  return Promise.all(Object.values(answers).flat())
}
