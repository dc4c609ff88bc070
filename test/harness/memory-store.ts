import { type Column, EDGE_KINDS, NODE_KINDS } from '@delegraph/graph-schema'
import type {
  EdgeKind,
  Filter,
  GraphBatch,
  GraphEdge,
  GraphNode,
  GraphStore,
  NodeKind,
  PageQuery,
  Scalar,
} from '../../collector/src/graph/store.ts'

function isLearned(kind: NodeKind, column: string): boolean {
  const columns: Readonly<Record<string, Column>> = NODE_KINDS[kind].columns
  return columns[column]?.learned === true
}

/** A graph in maps, for judging without a database. It knows nothing that a real store must not. */
export function memoryStore(): GraphStore {
  const nodes = new Map<string, GraphNode>()
  const edges = new Map<string, GraphEdge>()
  let position = 0
  const id = (kind: NodeKind, key: string): string => `${kind} ${key}`
  const put = (node: GraphNode): void => {
    const old = nodes.get(id(node.kind, node.key))
    const kept = Object.entries(old?.columns ?? {}).filter(
      ([name]) => node.whole !== true || isLearned(node.kind, name),
    )
    const columns: Record<string, Scalar> = { ...Object.fromEntries(kept), ...node.columns }
    for (const name of ['learnedAt', 'raisedAt']) {
      const [before, now] = [old?.columns[name], node.columns[name]]
      if (typeof before === 'number' && typeof now === 'number')
        columns[name] = Math.min(before, now)
    }
    nodes.set(id(node.kind, node.key), { kind: node.kind, key: node.key, columns })
  }
  const stub = (kind: NodeKind, key: string): void => {
    if (!nodes.has(id(kind, key))) put({ kind, key, columns: { [NODE_KINDS[kind].key]: key } })
  }
  const all = (kind: NodeKind): GraphNode[] =>
    [...nodes.values()]
      .filter((node) => node.kind === kind)
      .sort((a, b) => (a.key < b.key ? -1 : 1))
  const matches = (node: GraphNode, where: Filter): boolean =>
    Object.entries(where.equals ?? {}).every(([name, values]) =>
      values.includes(node.columns[name] as Scalar),
    ) &&
    Object.entries(where.min ?? {}).every(([name, min]) => Number(node.columns[name]) >= min) &&
    Object.entries(where.max ?? {}).every(([name, max]) => Number(node.columns[name]) <= max)
  const walk = (from: readonly string[], kind: EdgeKind, way: 'from' | 'to'): Set<string> => {
    const seen = new Set(from)
    let front = [...from]
    for (let depth = 0; depth < 16 && front.length > 0; depth += 1) {
      const next = [...edges.values()]
        .filter((edge) => edge.kind === kind && front.includes(edge[way]))
        .map((edge) => edge[way === 'from' ? 'to' : 'from'])
      front = next.filter((key) => !seen.has(key))
      for (const key of front) seen.add(key)
    }
    return seen
  }
  return {
    name: 'memory',
    init: async () => {},
    health: async () => ({ ok: true, engine: 'memory' }),
    position: async () => position,
    write: async (batch: GraphBatch) => {
      for (const node of batch.nodes) put(node)
      for (const { kind, from } of batch.cleared ?? []) {
        for (const [key, edge] of edges) {
          if (edge.kind === kind && edge.from === from) edges.delete(key)
        }
      }
      for (const edge of batch.edges) {
        edges.set(`${edge.kind} ${edge.from} ${edge.to}`, edge)
        const ends = EDGE_KINDS[edge.kind]
        stub(ends.from, edge.from)
        stub(ends.to, edge.to)
      }
      if (batch.position !== undefined) position = batch.position
    },
    find: async (kind, column, values) =>
      all(kind).filter((node) => values.includes(String(node.columns[column]))),
    ancestors: async (links) => {
      const keys = walk(links, 'DERIVED_FROM', 'from')
      return all('Link').filter((node) => keys.has(node.key))
    },
    descendants: async (links, limit) => {
      const keys = walk(links, 'DERIVED_FROM', 'to')
      return all('Link')
        .filter((node) => keys.has(node.key) && !links.includes(node.key))
        .slice(0, limit)
    },
    neighbours: async (kind, direction, keys) => {
      const [near, far] = direction === 'in' ? (['to', 'from'] as const) : (['from', 'to'] as const)
      const found = [...edges.values()].filter((e) => e.kind === kind && keys.includes(e[near]))
      return [...new Set(found.map((edge) => edge[far]))].sort()
    },
    page: async ({ kind, where, orderBy, direction, limit, after }: PageQuery) => {
      const sign = direction === 'asc' ? 1 : -1
      const order = (a: { v: Scalar; k: string }, b: { v: Scalar; k: string }): number =>
        a.v < b.v ? -sign : a.v > b.v ? sign : a.k < b.k ? -1 : a.k > b.k ? 1 : 0
      const value = (node: GraphNode) => ({ v: node.columns[orderBy] as Scalar, k: node.key })
      return all(kind)
        .filter((node) => matches(node, where))
        .sort((a, b) => order(value(a), value(b)))
        .filter((n) => after === undefined || order(value(n), { v: after.value, k: after.key }) > 0)
        .slice(0, limit)
    },
    count: async (kind, where, limit) =>
      Math.min(limit, all(kind).filter((node) => matches(node, where)).length),
    clear: async () => {
      nodes.clear()
      edges.clear()
      position = 0
    },
    async *dump() {
      const order = (a: GraphNode, b: GraphNode): number =>
        id(a.kind, a.key) < id(b.kind, b.key) ? -1 : 1
      for (const node of [...nodes.values()].sort(order)) {
        if (node.kind === 'FindingEvent' || node.kind === 'Alert') continue
        const columns = Object.entries(node.columns).filter(([name]) => !isLearned(node.kind, name))
        yield { ...node, columns: Object.fromEntries(columns.sort(([a], [b]) => (a < b ? -1 : 1))) }
      }
      yield* [...edges.keys()].sort().flatMap((key) => edges.get(key) ?? [])
    },
    async [Symbol.asyncDispose]() {},
  }
}
