import neo4j from 'neo4j-driver'
import { EDGE_KIND_NAMES, edgeEnds, NODE_KIND_NAMES } from '../columns.ts'
import type { GraphBatch, GraphEdge, GraphNode, NodeKind } from '../store.ts'
import { compareText } from '../text.ts'
import { indexed, type PutRow, putRow } from './rows.ts'
import * as statements from './statements.ts'

export interface Step {
  readonly statement: string
  readonly parameters: Readonly<Record<string, unknown>>
}

const ROWS = 2_000
/** Characters of text in the rows of one statement, so that no single message is huge. */
const CHARACTERS = 4_000_000

/**
 * The statements of one batch, one for each node kind and relationship type: what goes first, nodes before
 * relationships, kinds by name and rows by key, so that all writers lock in one order.
 */
export function writePlan(batch: GraphBatch): Step[] {
  const steps: Step[] = []
  const add = (statement: string, rows: readonly unknown[]): void => {
    for (const part of parts(rows)) steps.push({ statement, parameters: { rows: part } })
  }
  const nodes = Map.groupBy(batch.nodes, (node) => node.kind)
  const edges = Map.groupBy(batch.edges, (edge) => edge.kind)
  const cleared = Map.groupBy(batch.cleared ?? [], (edge) => edge.kind)
  const removed = Map.groupBy(batch.removed ?? [], (node) => node.kind)
  const stubs = stubsOf(batch)
  for (const kind of NODE_KIND_NAMES) {
    const keys = (removed.get(kind) ?? []).map(({ key }) => indexed(key))
    add(statements.removeNodes(kind), [...new Set(keys)].sort(compareText))
  }
  for (const kind of NODE_KIND_NAMES) {
    for (const rows of waves(nodes.get(kind) ?? [])) add(statements.putNodes(kind), rows)
  }
  for (const kind of NODE_KIND_NAMES) add(statements.stubNodes(kind), stubs.get(kind) ?? [])
  for (const kind of EDGE_KIND_NAMES) {
    const from = (cleared.get(kind) ?? []).map((edge) => indexed(edge.from))
    add(statements.clearEdges(kind), [...new Set(from)].sort(compareText))
  }
  for (const kind of EDGE_KIND_NAMES)
    add(statements.putEdges(kind), edgeRows(edges.get(kind) ?? []))
  if (batch.position !== undefined) {
    const value = neo4j.int(batch.position)
    steps.push({ statement: statements.PUT_POSITION, parameters: { value } })
  }
  return steps
}

/**
 * Rows in groups in which no key comes twice: within one statement the order is by key, and the
 * second row of a key must be written after the first.
 */
function waves(nodes: readonly GraphNode[]): PutRow[][] {
  const groups: PutRow[][] = []
  const seen = new Map<string, number>()
  for (const node of nodes) {
    const row = putRow(node)
    const wave = seen.get(row.uid) ?? 0
    seen.set(row.uid, wave + 1)
    const group = groups[wave]
    if (group === undefined) groups.push([row])
    else group.push(row)
  }
  return groups.map((rows) => rows.sort((a, b) => compareText(a.uid, b.uid)))
}

/** Ends of relationships that are not among the nodes of the batch. */
function stubsOf({ nodes, edges }: GraphBatch): Map<NodeKind, { uid: string; key: string }[]> {
  const known = new Map<NodeKind, Set<string>>()
  const keysOf = (kind: NodeKind): Set<string> => {
    const keys = known.get(kind) ?? new Set()
    known.set(kind, keys)
    return keys
  }
  for (const { kind, key } of nodes) keysOf(kind).add(key)
  const stubs = new Map<NodeKind, { uid: string; key: string }[]>()
  const add = (kind: NodeKind, key: string): void => {
    const keys = keysOf(kind)
    if (keys.has(key)) return
    keys.add(key)
    const rows = stubs.get(kind) ?? []
    rows.push({ uid: indexed(key), key })
    stubs.set(kind, rows)
  }
  for (const { kind, from, to } of edges) {
    const ends = edgeEnds(kind)
    add(ends.from, from)
    add(ends.to, to)
  }
  for (const rows of stubs.values()) rows.sort((a, b) => compareText(a.uid, b.uid))
  return stubs
}

function edgeRows(edges: readonly GraphEdge[]): { from: string; to: string }[] {
  return edges
    .map(({ from, to }) => ({ from: indexed(from), to: indexed(to) }))
    .sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to))
}

function parts<T>(rows: readonly T[]): T[][] {
  const all: T[][] = []
  let part: T[] = []
  let characters = 0
  for (const row of rows) {
    if (part.length >= ROWS || characters > CHARACTERS) {
      all.push(part)
      part = []
      characters = 0
    }
    part.push(row)
    characters += charactersOf(row)
  }
  if (part.length > 0) all.push(part)
  return all
}

function charactersOf(row: unknown): number {
  if (typeof row === 'string') return row.length
  if (typeof row !== 'object' || row === null) return 0
  let sum = 0
  for (const value of Object.values(row)) sum += charactersOf(value)
  return sum
}
