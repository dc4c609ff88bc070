import type { GraphNode } from '@delegraph/graph-schema'

/** A text column, where the node has it. */
export function textOf(node: GraphNode, name: string): string | undefined {
  const value = node.columns[name]
  return typeof value === 'string' ? value : undefined
}

/** An int column, where the node has it. */
export function intOf(node: GraphNode, name: string): number | undefined {
  const value = node.columns[name]
  return typeof value === 'number' ? value : undefined
}

/** A json column: written by the collector itself, so its shape is the vocabulary's. */
export function jsonOf<T>(node: GraphNode, name: string): T | undefined {
  const text = textOf(node, name)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}

/** A json column that holds a list of texts; empty where it is missing. */
export function textsOf(node: GraphNode, name: string): readonly string[] {
  const value = jsonOf<unknown>(node, name)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** One of the words that the contract knows, or the one that claims least. */
export function wordOf<T extends string>(value: unknown, words: readonly T[], otherwise: T): T {
  return words.find((word) => word === value) ?? otherwise
}
