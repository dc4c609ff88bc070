import {
  type Column,
  EDGE_KINDS,
  type EdgeKind,
  type GraphNode,
  NODE_KINDS,
  type NodeKind,
  type Scalar,
} from '@delegraph/graph-schema'
import {
  type Filter,
  type GraphBatch,
  type GraphStore,
  type Group,
  StoreError,
} from '../../collector/src/graph/index.ts'

/** The contract in plain maps: what the real stores are compared with. It shares no code with them. */
export function openMemoryStore(): GraphStore {
  const graph = new MemoryGraph()
  return {
    name: 'memory',
    init: async () => {},
    health: async () => ({ ok: true, engine: 'memory' }),
    position: async () => graph.position,
    write: async (batch) => graph.write(batch),
    find: async (kind, column, values, limit) => {
      if (limit !== undefined) whole(limit)
      const declared = columnOf(kind, column)
      if (column !== NODE_KINDS[kind].key && declared.indexed !== true) throw misuse()
      if (declared.type !== 'text') throw misuse()
      const wanted = new Set<unknown>(values.map((value) => value.toWellFormed()))
      return graph
        .all(kind)
        .filter((node) => wanted.has(node.columns[column]))
        .slice(0, limit)
    },
    ancestors: async (links) => {
      const reached = graph.reached(links, (edge) => [edge.from, edge.to])
      return graph.all('Link').filter(({ key }) => reached.has(key))
    },
    descendants: async (links, limit) => {
      whole(limit)
      const reached = graph.reached(links, (edge) => [edge.to, edge.from])
      const starts = new Set(links.map((link) => link.toWellFormed()))
      const below = graph.all('Link').filter(({ key }) => reached.has(key) && !starts.has(key))
      return below.slice(0, limit)
    },
    neighbours: async (kind, direction, keys, limit) => {
      if (limit !== undefined) whole(limit)
      if (!Object.hasOwn(EDGE_KINDS, kind)) throw misuse()
      const near = new Set(keys.map((key) => key.toWellFormed()))
      const pairs = graph
        .edgesOf(kind)
        .filter(({ from, to }) => near.has(direction === 'in' ? to : from))
      return [...new Set(pairs.map(({ from, to }) => (direction === 'in' ? from : to)))]
        .sort(byText)
        .slice(0, limit)
    },
    page: async ({ kind, where, orderBy, direction, limit, after }) => {
      const { type } = columnOf(kind, orderBy)
      if (type !== 'int' && type !== 'text') throw misuse()
      checkFilter(kind, where)
      whole(limit)
      const sign = direction === 'asc' ? 1 : -1
      const rank = (a: Place, b: Place): number =>
        sign * byScalar(a.value, b.value) || byText(a.key, b.key)
      const seen = after && { value: clean(after.value), key: after.key.toWellFormed() }
      return graph
        .all(kind)
        .flatMap((node) => {
          const value = node.columns[orderBy]
          return value === undefined ? [] : [{ node, value, key: node.key }]
        })
        .filter(({ node }) => matches(node, where))
        .filter((place) => seen === undefined || rank(place, seen) > 0)
        .sort(rank)
        .slice(0, limit)
        .map(({ node }) => node)
    },
    count: async (kind, where, limit) => {
      checkFilter(kind, where)
      whole(limit)
      return Math.min(limit, graph.all(kind).filter((node) => matches(node, where)).length)
    },
    groups: async (query) => {
      const { kind, where, by, orderBy, direction, limit, after, distinct, span, lead } = query
      const { type } = columnOf(kind, orderBy)
      if (type !== 'int' && type !== 'text') throw misuse()
      const shared = columnOf(kind, by)
      if (shared.type !== 'text') throw misuse()
      if (by !== NODE_KINDS[kind].key && shared.indexed !== true) throw misuse()
      if (columnOf(kind, distinct).type !== 'text') throw misuse()
      for (const name of [span, lead]) if (columnOf(kind, name).type !== 'int') throw misuse()
      checkFilter(kind, where)
      whole(limit)
      const sign = direction === 'asc' ? 1 : -1
      const nodes = graph
        .all(kind)
        .filter((node) => node.columns[by] !== undefined && node.columns[orderBy] !== undefined)
        .filter((node) => matches(node, where))
      const numbers = (some: readonly GraphNode[]): number[] =>
        some.flatMap(({ columns }) => (columns[span] === undefined ? [] : [Number(columns[span])]))
      const groups = [...Map.groupBy(nodes, (node) => String(node.columns[by]))].map(
        ([key, some]): Group => {
          const places = some.map((node) => node.columns[orderBy] ?? '')
          const [place = ''] = places.sort((a, b) => sign * byScalar(a, b))
          const spans = numbers(some)
          const most = (node: GraphNode): number => Number(node.columns[lead] ?? 0)
          const [first] = some.toSorted((a, b) => most(b) - most(a) || byText(a.key, b.key))
          if (first === undefined) throw misuse()
          const values = new Set(some.flatMap((node) => node.columns[distinct] ?? []))
          return {
            ...{ key, place, count: some.length, distinct: values.size, lead: first },
            ...(spans.length === 0
              ? {}
              : { least: Math.min(...spans), greatest: Math.max(...spans) }),
          }
        },
      )
      const rank = (a: Place, b: Place): number =>
        sign * byScalar(a.value, b.value) || byText(a.key, b.key)
      const placeOf = ({ key, place }: Group): Place => ({ key, value: place })
      const seen = after && { value: clean(after.value), key: after.key.toWellFormed() }
      return groups
        .filter((group) => seen === undefined || rank(placeOf(group), seen) > 0)
        .sort((a, b) => rank(placeOf(a), placeOf(b)))
        .slice(0, limit)
    },
    values: async (kind, column, limit) => {
      whole(limit)
      const declared = columnOf(kind, column)
      if (column !== NODE_KINDS[kind].key && declared.indexed !== true) throw misuse()
      if (declared.type !== 'text') throw misuse()
      const found = graph.all(kind).flatMap(({ columns }) => columns[column] ?? [])
      return [...new Set(found.map(String))].sort(byText).slice(0, limit)
    },
    clear: async () => graph.clear(),
    async *dump() {
      for (const kind of (Object.keys(NODE_KINDS) as NodeKind[]).sort(byText)) {
        if (kind === 'FindingEvent' || kind === 'Alert') continue
        for (const node of graph.all(kind)) {
          const columns = Object.entries(node.columns)
            .filter(([name]) => columnOf(kind, name).learned !== true)
            .sort(([a], [b]) => byText(a, b))
          yield { kind, key: node.key, columns: Object.fromEntries(columns) }
        }
      }
      for (const kind of (Object.keys(EDGE_KINDS) as EdgeKind[]).sort(byText)) {
        yield* graph.edgesOf(kind).map(({ from, to }) => ({ kind, from, to }))
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Place {
  readonly value: Scalar
  readonly key: string
}

interface Pair {
  readonly from: string
  readonly to: string
}

class MemoryGraph {
  readonly #nodes = new Map<NodeKind, Map<string, Map<string, Scalar>>>()
  readonly #edges = new Map<EdgeKind, Map<string, Set<string>>>()
  position = 0

  write({ nodes, edges, cleared, removed, position }: GraphBatch): void {
    for (const node of nodes) checkNode(node)
    for (const { kind } of removed ?? []) if (!Object.hasOwn(NODE_KINDS, kind)) throw misuse()
    for (const { kind } of [...edges, ...(cleared ?? [])]) {
      if (!Object.hasOwn(EDGE_KINDS, kind)) throw misuse()
    }
    if (position !== undefined) whole(position)
    for (const { kind, key } of removed ?? []) this.#remove(kind, key.toWellFormed())
    for (const node of nodes) this.#put(node)
    for (const { kind, from } of cleared ?? []) this.#edges.get(kind)?.delete(from.toWellFormed())
    for (const { kind, from, to } of edges) {
      const [a, b] = [from.toWellFormed(), to.toWellFormed()]
      this.#columns(EDGE_KINDS[kind].from, a)
      this.#columns(EDGE_KINDS[kind].to, b)
      const out = this.#edges.get(kind) ?? new Map<string, Set<string>>()
      this.#edges.set(kind, out.set(a, (out.get(a) ?? new Set()).add(b)))
    }
    this.position = position ?? this.position
  }

  all(kind: NodeKind): GraphNode[] {
    if (!Object.hasOwn(NODE_KINDS, kind)) throw misuse()
    return [...(this.#nodes.get(kind) ?? [])]
      .map(([key, columns]) => ({ kind, key, columns: Object.fromEntries(columns) }))
      .sort((a, b) => byText(a.key, b.key))
  }

  edgesOf(kind: EdgeKind): Pair[] {
    return [...(this.#edges.get(kind) ?? [])]
      .flatMap(([from, all]) => [...all].map((to) => ({ from, to })))
      .sort((a, b) => byText(a.from, b.from) || byText(a.to, b.to))
  }

  /** Everything that 16 steps along DERIVED_FROM lead to. */
  reached(links: readonly string[], ends: (edge: Pair) => [string, string]): Set<string> {
    const steps = this.edgesOf('DERIVED_FROM').map(ends)
    const seen = new Set(links.map((link) => link.toWellFormed()))
    for (let depth = 0; depth < 16; depth += 1) {
      const next = steps.filter(([near, far]) => seen.has(near) && !seen.has(far))
      for (const [, far] of next) seen.add(far)
    }
    return seen
  }

  clear(): void {
    this.#nodes.clear()
    this.#edges.clear()
    this.position = 0
  }

  #remove(kind: NodeKind, key: string): void {
    this.#nodes.get(kind)?.delete(key)
    for (const [name, all] of this.#edges) {
      if (EDGE_KINDS[name].from === kind) all.delete(key)
      if (EDGE_KINDS[name].to === kind) for (const far of all.values()) far.delete(key)
    }
  }

  #put(node: GraphNode): void {
    const columns = this.#columns(node.kind, node.key.toWellFormed())
    for (const name of [...columns.keys()]) {
      const stays = name === NODE_KINDS[node.kind].key || columnOf(node.kind, name).learned === true
      if (node.whole === true && !stays) columns.delete(name)
    }
    for (const [name, value] of Object.entries(node.columns)) {
      const old = columns.get(name)
      const least = (name === 'learnedAt' || name === 'raisedAt') && old !== undefined
      columns.set(name, least ? Math.min(Number(old), Number(value)) : clean(value))
    }
  }

  #columns(kind: NodeKind, key: string): Map<string, Scalar> {
    const ofKind = this.#nodes.get(kind) ?? new Map<string, Map<string, Scalar>>()
    this.#nodes.set(kind, ofKind)
    const columns = ofKind.get(key) ?? new Map<string, Scalar>([[NODE_KINDS[kind].key, key]])
    ofKind.set(key, columns)
    return columns
  }
}

function matches({ columns }: GraphNode, { equals, min, max, any }: Filter): boolean {
  const number = (name: string): number => Number(columns[name] ?? Number.NaN)
  return (
    Object.entries(equals ?? {}).every(([name, values]) =>
      values.some((value) => clean(value) === columns[name]),
    ) &&
    Object.entries(min ?? {}).every(([name, least]) => number(name) >= least) &&
    Object.entries(max ?? {}).every(([name, most]) => number(name) <= most) &&
    (any === undefined ||
      Object.entries(any).some(([name, values]) =>
        values.some((value) => clean(value) === columns[name]),
      ))
  )
}

function checkNode({ kind, key, columns }: GraphNode): void {
  if (!Object.hasOwn(NODE_KINDS, kind) || typeof key !== 'string') throw misuse()
  for (const [name, value] of Object.entries(columns)) {
    if (!fits(columnOf(kind, name), value)) throw misuse()
    if (name === NODE_KINDS[kind].key && value !== key) throw misuse()
  }
}

function checkFilter(kind: NodeKind, { equals, min, max, any }: Filter): void {
  for (const [name, values] of [...Object.entries(equals ?? {}), ...Object.entries(any ?? {})]) {
    const column = columnOf(kind, name)
    if (!values.every((value) => fits(column, value))) throw misuse()
  }
  for (const [name, bound] of [...Object.entries(min ?? {}), ...Object.entries(max ?? {})]) {
    if (columnOf(kind, name).type !== 'int' || !Number.isSafeInteger(bound)) throw misuse()
  }
}

function columnOf(kind: NodeKind, name: string): Column {
  if (!Object.hasOwn(NODE_KINDS, kind)) throw misuse()
  const columns: Readonly<Record<string, Column>> = NODE_KINDS[kind].columns
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined
  if (column === undefined) throw misuse()
  return column
}

function fits({ type }: Column, value: Scalar): boolean {
  if (type === 'int') return Number.isSafeInteger(value)
  return typeof value === (type === 'flag' ? 'boolean' : 'string')
}

function whole(n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) throw misuse()
}

function clean(value: Scalar): Scalar {
  return typeof value === 'string' ? value.toWellFormed() : value
}

function byScalar(a: Scalar, b: Scalar): number {
  return typeof a === 'string' ? byText(a, String(b)) : Number(a) - Number(b)
}

/** By code point: slow and plain. */
function byText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function misuse(): StoreError {
  return new StoreError('store_misuse', 'not declared')
}
