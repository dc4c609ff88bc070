import type { GraphEdge, GraphNode, GraphStore } from '../../../collector/src/graph/index.ts'

export function link(hash: string, columns: GraphNode['columns'] = {}): GraphNode {
  return { kind: 'Link', key: hash, columns: { hash, ...columns } }
}

export function action(id: string, columns: GraphNode['columns'] = {}): GraphNode {
  return { kind: 'Action', key: id, columns: { id, ...columns } }
}

export function finding(id: string, columns: GraphNode['columns'] = {}): GraphNode {
  return { kind: 'Finding', key: id, columns: { id, ...columns } }
}

export function derived(from: string, to: string): GraphEdge {
  return { kind: 'DERIVED_FROM', from, to }
}

export function keysOf(nodes: readonly GraphNode[]): string[] {
  return nodes.map(({ key }) => key)
}

export async function dumpOf(store: GraphStore): Promise<(GraphNode | GraphEdge)[]> {
  return Array.fromAsync(store.dump())
}
