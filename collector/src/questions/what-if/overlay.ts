import { columnsOf } from '../../graph/columns.ts'
import type { GraphBatch, GraphNode, GraphStore, NodeKind } from '../../graph/index.ts'

/**
 * A graph laid over another: what is written stays in memory and is read back, the graph below is never
 * touched. Nodes alone: a withdrawal moves no relationship, so those of the graph below are the answer.
 */
export interface Overlay extends GraphStore {
  /** A node as it is in the overlay; undefined where nothing was written over it. */
  written(kind: NodeKind, key: string): GraphNode | undefined
}

export function overlay(below: GraphStore): Overlay {
  const own = new Map<string, GraphNode>()
  const idOf = (kind: NodeKind, key: string): string => `${kind} ${key}`
  const seen = (node: GraphNode): GraphNode => {
    const over = own.get(idOf(node.kind, node.key))
    if (over === undefined) return node
    return over.whole === true
      ? { ...over, columns: { ...learnedOf(node), ...over.columns } }
      : { ...over, columns: { ...node.columns, ...over.columns } }
  }
  return {
    name: below.name,
    init: async () => {},
    health: () => below.health(),
    position: () => below.position(),
    write: async ({ nodes }: GraphBatch) => {
      for (const node of nodes) {
        const id = idOf(node.kind, node.key)
        const before = own.get(id)
        const merged = node.whole === true || before === undefined
        own.set(id, merged ? node : { ...before, columns: { ...before.columns, ...node.columns } })
      }
    },
    find: async (kind, column, values, limit) => {
      const found = (await below.find(kind, column, values, limit)).map(seen)
      const known = new Set(found.map(({ key }) => key))
      const wanted = new Set<unknown>(values)
      const added = [...own.values()].filter(
        (node) => node.kind === kind && !known.has(node.key) && wanted.has(node.columns[column]),
      )
      return [...found, ...added].sort((a, b) => (a.key < b.key ? -1 : 1))
    },
    ancestors: async (links) => (await below.ancestors(links)).map(seen),
    descendants: async (links, limit) => (await below.descendants(links, limit)).map(seen),
    neighbours: (kind, direction, keys, limit) => below.neighbours(kind, direction, keys, limit),
    page: async (query) => (await below.page(query)).map(seen),
    count: (kind, where, limit) => below.count(kind, where, limit),
    groups: (query) => below.groups(query),
    values: (kind, column, limit) => below.values(kind, column, limit),
    clear: async () => own.clear(),
    dump: () => below.dump(),
    written: (kind, key) => own.get(idOf(kind, key)),
    [Symbol.asyncDispose]: async () => own.clear(),
  }
}

/** What a whole write leaves in place: when something was learned. */
function learnedOf({ kind, columns }: GraphNode): GraphNode['columns'] {
  const declared = columnsOf(kind)
  return Object.fromEntries(
    Object.entries(columns).filter(([name]) => declared[name]?.learned === true),
  )
}
