import type { GraphNode } from '../../graph/index.ts'

/** An answer as JSON: nodes of the graph by their id and what a reader looks for. */
export function jsonText(answer: object): string {
  return JSON.stringify(answer, (_, value: unknown) => (isNode(value) ? shownOf(value) : value), 2)
}

const SHOWN = [
  'agent',
  'tool',
  'task',
  'effect',
  'grade',
  'rule',
  'title',
  'severity',
  'approver',
  'at',
] as const

function shownOf({ key, columns }: GraphNode): Readonly<Record<string, unknown>> {
  const shown = SHOWN.flatMap((name) =>
    columns[name] === undefined ? [] : [[name, columns[name]]],
  )
  return { id: key, ...Object.fromEntries(shown) }
}

function isNode(value: unknown): value is GraphNode {
  return typeof value === 'object' && value !== null && 'columns' in value && 'key' in value
}
