import {
  type Column,
  EDGE_KINDS,
  type EdgeKind,
  NODE_KINDS,
  type NodeKind,
  type Scalar,
} from '@delegraph/graph-schema'
import { StoreError } from './errors.ts'
import { compareText } from './text.ts'

/** All node kinds, in the order in which a graph is dumped and rows are locked. */
export const NODE_KIND_NAMES = (Object.keys(NODE_KINDS) as NodeKind[]).sort(compareText)

/** All relationship kinds, in the order in which a graph is dumped and rows are locked. */
export const EDGE_KIND_NAMES = (Object.keys(EDGE_KINDS) as EdgeKind[]).sort(compareText)

/** Kinds that a dump leaves out: they tell what was learned or sent when, not what is true. */
export const NOT_DUMPED: ReadonlySet<NodeKind> = new Set(['Alert', 'FindingEvent'])

/** Columns of which a node keeps the smaller value. */
export const KEEPS_SMALLER: ReadonlySet<string> = new Set(['learnedAt', 'raisedAt'])

/** The declared columns of a kind. @throws StoreError `store_misuse` for a kind that is none */
export function columnsOf(kind: NodeKind): Readonly<Record<string, Column>> {
  if (!Object.hasOwn(NODE_KINDS, kind)) throw misuse(`no node kind ${String(kind)}`)
  return NODE_KINDS[kind].columns
}

/** Name of the column that identifies a node of this kind. */
export function keyColumn(kind: NodeKind): string {
  columnsOf(kind)
  return NODE_KINDS[kind].key
}

/** Kinds of the nodes at the ends of a relationship. */
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

/** A text column that may be looked up by value: the key, or one that has an index. */
export function lookupColumn(kind: NodeKind, name: string): Column {
  const column = columnOf(kind, name)
  if (name !== keyColumn(kind) && column.indexed !== true) {
    throw misuse(`${kind}.${name} is not indexed`)
  }
  if (column.type !== 'text') throw misuse(`${kind}.${name} is not text`)
  return column
}

/** A column that pages may be ordered by. */
export function orderColumn(kind: NodeKind, name: string): Column {
  const column = columnOf(kind, name)
  if (column.type !== 'int' && column.type !== 'text') {
    throw misuse(`${kind}.${name} gives no order`)
  }
  return column
}

/** @throws StoreError `store_misuse` for a value that its column does not take */
export function checkValue(kind: NodeKind, name: string, value: Scalar): void {
  const { type } = columnOf(kind, name)
  const fits =
    type === 'int'
      ? Number.isSafeInteger(value)
      : type === 'flag'
        ? typeof value === 'boolean'
        : typeof value === 'string'
  if (!fits) throw misuse(`${kind}.${name} takes ${type}, not ${typeof value}`)
}

/** A programming error: nothing was sent to the database. */
export function misuse(message: string): StoreError {
  return new StoreError('store_misuse', message)
}
