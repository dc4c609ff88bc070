import type { GraphNode, Scalar } from '@delegraph/graph-schema'

export function textOf(node: GraphNode, name: string): string | undefined {
  const value = node.columns[name]
  return typeof value === 'string' ? value : undefined
}

export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort()
}

export function unique(nodes: readonly GraphNode[]): GraphNode[] {
  return [...new Map(nodes.map((node) => [node.key, node])).values()].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  )
}

/** The columns that are there: a store writes no null. */
export function knownColumns(
  columns: Readonly<Record<string, Scalar | undefined>>,
): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, Scalar] => entry[1] !== undefined),
  )
}

/** The texts in a json column that holds a list of them. */
export function listOf(node: GraphNode, name: string): string[] {
  const text = textOf(node, name)
  return text === undefined ? [] : (JSON.parse(text) as string[])
}
