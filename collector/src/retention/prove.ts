import { isDeepStrictEqual } from 'node:util'
import { EDGE_KINDS, type GraphNode, NODE_KINDS, type NodeKind } from '@delegraph/graph-schema'
import { EDGE_KIND_NAMES, keyColumn, NODE_KIND_NAMES } from '../graph/columns.ts'
import type { GraphEdge, GraphStore } from '../graph/index.ts'
import { compareText } from '../graph/text.ts'
import type { Touched } from './beside.ts'
import { isEdge } from './cases.ts'
import { changeId, type GraphChange, nodeId } from './changes.ts'
import type { Choice } from './planning.ts'

/** Whose columns say only what is known of them from what is there. */
const KNOWN_BY_OTHERS: ReadonlySet<string> = new Set<GraphNode['kind']>([
  'Principal',
  'Agent',
  'Key',
  'Tool',
  'Resource',
  'Data',
])

/** How much is asked of a graph at once. */
const PORTION = 500

/** Two graphs, with and without what is to go. */
export interface Both {
  readonly whole: GraphStore
  readonly without: GraphStore
}

export interface Compared {
  /** A sentence for something that stays and would say something else, or be gone. */
  readonly difference?: string
  /** What becomes of it. */
  readonly change?: GraphChange
}

/**
 * Whether the graph without what is to go says the same of everything that stays: every link, action,
 * artefact and open finding, column by column. That is the promise itself, checked on the case at hand,
 * whatever the planning overlooked. What goes, and what shared things say without it, comes as changes.
 */
export async function* compareAll(
  { whole, without }: Both,
  choice: Pick<Choice, 'isGone'>,
): AsyncGenerator<Compared> {
  let edges: GraphEdge[] = []
  for await (const { was, is } of together(whole.dump(), without.dump())) {
    const one = was ?? is
    if (one === undefined) continue
    if (!isEdge(one)) {
      const compared = compareNode(
        was as GraphNode | undefined,
        is as GraphNode | undefined,
        choice,
      )
      if (compared !== undefined) yield compared
      continue
    }
    if (was !== undefined && is !== undefined) continue
    edges.push(one)
    if (edges.length < PORTION) continue
    for (const change of await edgeChanges({ whole, without }, edges)) yield { change }
    edges = []
  }
  for (const change of await edgeChanges({ whole, without }, edges)) yield { change }
}

/** The same of what was written since, in either of them; by what it is about, also where nothing became of it. */
export async function compareTouched(
  both: Both,
  touched: readonly Touched[],
  choice: Pick<Choice, 'isGone'>,
): Promise<Map<string, Compared>> {
  const results = new Map<string, Compared>()
  const nodes = new Map(touched.flatMap((one) => [...one.nodes]))
  for (const [kind, all] of Map.groupBy(nodes.values(), (node) => node.kind)) {
    const keys = all.map(({ key }) => key)
    const [was, is] = await Promise.all([
      factsOf(both.whole, kind, keys),
      factsOf(both.without, kind, keys),
    ])
    for (const key of keys) {
      results.set(nodeId(kind, key), compareNode(was.get(key), is.get(key), choice) ?? {})
    }
  }
  const edges = new Map(touched.flatMap((one) => [...one.edges]))
  for (const id of edges.keys()) results.set(id, {})
  for (const change of await edgeChanges(both, [...edges.values()])) {
    results.set(changeId(change), { change })
  }
  return results
}

function compareNode(
  was: GraphNode | undefined,
  is: GraphNode | undefined,
  { isGone }: Pick<Choice, 'isGone'>,
): Compared | undefined {
  const one = is ?? was
  if (one === undefined || isDeepStrictEqual(was?.columns, is?.columns)) return undefined
  const { kind, key } = one
  const name = `${kind} ${key}`
  const goes = isGone(key)
  const mayChange = goes || KNOWN_BY_OTHERS.has(kind)
  // What was found for a moment, before more had come, differs with the portions that it came in.
  if (isPassing(was) && isPassing(is) && !goes) return undefined
  if (is === undefined) {
    const fine = mayChange || isStub(one) || isPassing(was)
    const change = { removed: { kind, key } }
    return fine ? { change } : { change, difference: `${name} would be gone` }
  }
  const fine = mayChange || isStub(is)
  const change = { node: is }
  return fine ? { change } : { change, difference: `${name} would say something else` }
}

/** A finding that does not hold, or nothing. */
function isPassing(node: GraphNode | undefined): boolean {
  return node === undefined || (node.kind === 'Finding' && node.columns['state'] !== 'open')
}

/** Only named, by something that stays. */
function isStub({ columns }: GraphNode): boolean {
  return Object.keys(columns).length <= 1
}

/** Of these starting points, those that point at something else without: only where both ends stay. */
async function edgeChanges(
  both: Both,
  edges: readonly Pick<GraphEdge, 'kind' | 'from'>[],
): Promise<GraphChange[]> {
  const changes: GraphChange[] = []
  for (const [kind, all] of Map.groupBy(edges, (edge) => edge.kind)) {
    const ends = EDGE_KINDS[kind]
    const froms = [...new Set(all.map(({ from }) => from))]
    // What goes takes its relationships with it.
    const there = await factsOf(both.without, ends.from, froms)
    for (const from of froms) {
      if (!there.has(from)) continue
      const [was, is] = await Promise.all([
        both.whole.neighbours(kind, 'out', [from]),
        both.without.neighbours(kind, 'out', [from]),
      ])
      const left = await factsOf(both.without, ends.to, was)
      const stays = was.filter((to) => left.has(to))
      if (isDeepStrictEqual(stays, is) || isPassing(there.get(from))) continue
      changes.push({ edges: { kind, from, to: is } })
    }
  }
  return changes
}

/** Nodes by their keys, without the columns that say when something was learned. */
async function factsOf(
  store: GraphStore,
  kind: NodeKind,
  keys: readonly string[],
): Promise<Map<string, GraphNode>> {
  const { columns: declared } = NODE_KINDS[kind]
  const found = new Map<string, GraphNode>()
  for (let i = 0; i < keys.length; i += PORTION) {
    for (const node of await store.find(kind, keyColumn(kind), keys.slice(i, i + PORTION))) {
      const facts = Object.entries(node.columns).filter(
        ([name]) => !('learned' in (declared[name as keyof typeof declared] as object)),
      )
      found.set(node.key, { kind, key: node.key, columns: Object.fromEntries(facts) })
    }
  }
  return found
}

interface Pair {
  readonly was?: GraphNode | GraphEdge | undefined
  readonly is?: GraphNode | GraphEdge | undefined
}

/** Walks both dumps at once: they have one order. */
async function* together(
  whole: AsyncIterable<GraphNode | GraphEdge>,
  without: AsyncIterable<GraphNode | GraphEdge>,
): AsyncGenerator<Pair> {
  const a = whole[Symbol.asyncIterator]()
  const b = without[Symbol.asyncIterator]()
  let [was, is] = [await a.next(), await b.next()]
  while (was.done !== true || is.done !== true) {
    const order = was.done === true ? 1 : is.done === true ? -1 : inOrder(was.value, is.value)
    yield {
      was: order <= 0 ? was.value : undefined,
      is: order >= 0 ? is.value : undefined,
    }
    if (order <= 0) was = await a.next()
    if (order >= 0) is = await b.next()
  }
}

function inOrder(a: GraphNode | GraphEdge, b: GraphNode | GraphEdge): number {
  const [x, y] = [isEdge(a), isEdge(b)]
  if (x !== y) return x ? 1 : -1
  if (isEdge(a) && isEdge(b)) {
    return (
      EDGE_KIND_NAMES.indexOf(a.kind) - EDGE_KIND_NAMES.indexOf(b.kind) ||
      compareText(a.from, b.from) ||
      compareText(a.to, b.to)
    )
  }
  const [p, q] = [a as GraphNode, b as GraphNode]
  return (
    NODE_KIND_NAMES.indexOf(p.kind) - NODE_KIND_NAMES.indexOf(q.kind) || compareText(p.key, q.key)
  )
}
