import type { EdgeKind, GraphNode, NodeKind } from '@delegraph/graph-schema'

/** What becomes of one thing in a graph that evidence is taken from. */
export type GraphChange =
  | { readonly removed: { readonly kind: NodeKind; readonly key: string } }
  /** It says only this from now on. */
  | { readonly node: GraphNode }
  /** It points at these and no others. */
  | { readonly edges: { readonly kind: EdgeKind; readonly from: string; readonly to: string[] } }

/** What it is about: a later change of the same takes the place of an earlier one. */
export function changeId(change: GraphChange): string {
  if ('edges' in change) return edgesId(change.edges.kind, change.edges.from)
  const { kind, key } = 'node' in change ? change.node : change.removed
  return nodeId(kind, key)
}

export function nodeId(kind: NodeKind, key: string): string {
  return `node ${kind} ${key}`
}

export function edgesId(kind: EdgeKind, from: string): string {
  return `edges ${kind} ${from}`
}
