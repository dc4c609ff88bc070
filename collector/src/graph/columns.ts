import {
  type Column,
  EDGE_KINDS,
  type EdgeKind,
  NODE_KINDS,
  type NodeKind,
  type Scalar,
} from '@delegraph/graph-schema'
import { StoreError } from './errors.ts'
import type { Filter, GraphBatch } from './store.ts'

/** The declared columns of a kind. @throws StoreError `store_misuse` for a kind that is none */
export function columnsOf(kind: NodeKind): Readonly<Record<string, Column>> {
  if (!Object.hasOwn(NODE_KINDS, kind)) throw misuse(`no node kind ${String(kind)}`)
  return NODE_KINDS[kind].columns
}

export function keyColumn(kind: NodeKind): string {
  columnsOf(kind)
  return NODE_KINDS[kind].key
}

export function edgeEnds(kind: EdgeKind): { readonly from: NodeKind; readonly to: NodeKind } {
  if (!Object.hasOwn(EDGE_KINDS, kind)) throw misuse(`no relationship kind ${String(kind)}`)
  return EDGE_KINDS[kind]
}

/** One declared column; never a name that came from outside. */
export function columnOf(kind: NodeKind, name: string): Column {
  const columns = columnsOf(kind)
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined
  if (column === undefined) throw misuse(`${kind} has no column ${name}`)
  return column
}

/** A column that may be looked up by value. */
export function lookupColumn(kind: NodeKind, name: string): Column {
  const column = columnOf(kind, name)
  if (name !== keyColumn(kind) && column.indexed !== true) {
    throw misuse(`${kind}.${name} is not indexed`)
  }
  return column
}

/** Columns of which a node keeps the smaller value. */
export const KEEPS_SMALLER: ReadonlySet<string> = new Set(['learnedAt', 'raisedAt'])

/** Checks a whole batch before anything of it is written. */
export function checkBatch(batch: GraphBatch): void {
  for (const node of batch.nodes) {
    const key = keyColumn(node.kind)
    if (node.columns[key] !== undefined && node.columns[key] !== node.key) {
      throw misuse(`${node.kind}.${key} differs from the key of its node`)
    }
    for (const [name, value] of Object.entries(node.columns)) {
      checkValue(node.kind, name, value)
    }
  }
  for (const edge of batch.edges) edgeEnds(edge.kind)
  for (const { kind } of batch.cleared ?? []) edgeEnds(kind)
}

export function checkFilter(kind: NodeKind, where: Filter): void {
  for (const [name, values] of Object.entries(where.equals ?? {})) {
    for (const value of values) checkValue(kind, name, value)
  }
  for (const name of [...Object.keys(where.min ?? {}), ...Object.keys(where.max ?? {})]) {
    if (columnOf(kind, name).type !== 'int') throw misuse(`${kind}.${name} is not an int`)
  }
}

function checkValue(kind: NodeKind, name: string, value: Scalar): void {
  const { type } = columnOf(kind, name)
  const fits =
    type === 'int'
      ? Number.isSafeInteger(value)
      : type === 'flag'
        ? typeof value === 'boolean'
        : typeof value === 'string'
  if (!fits) throw misuse(`${kind}.${name} takes ${type}, not ${typeof value}`)
}

function misuse(message: string): StoreError {
  return new StoreError('store_misuse', message)
}
