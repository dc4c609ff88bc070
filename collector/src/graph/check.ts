import type { GraphEdge, GraphNode, NodeKind, Scalar } from '@delegraph/graph-schema'
import {
  checkValue,
  columnOf,
  columnsOf,
  edgeEnds,
  keyColumn,
  lookupColumn,
  misuse,
  orderColumn,
} from './columns.ts'
import type { Filter, GraphBatch, GroupQuery, PageQuery } from './store.ts'

/**
 * Checks a whole batch before anything of it is written, and makes its text well-formed: a lone
 * surrogate becomes U+FFFD, as it would in UTF-8, so that a sender's odd text is found again.
 *
 * @throws StoreError `store_misuse` naming the kind and the column, never the value
 */
export function checkBatch(batch: GraphBatch): GraphBatch {
  for (const node of batch.nodes) checkNode(node)
  for (const edge of batch.edges) checkEdge(edge)
  for (const { kind, from } of batch.cleared ?? []) {
    edgeEnds(kind)
    if (typeof from !== 'string') throw misuse(`${kind} goes out from a key`)
  }
  for (const { kind, key } of batch.removed ?? []) {
    keyColumn(kind)
    if (typeof key !== 'string') throw misuse(`the key of ${kind} is text`)
  }
  const { position } = batch
  if (position !== undefined && !(Number.isSafeInteger(position) && position >= 0)) {
    throw misuse('a position is a whole number from 0')
  }
  return isWellFormed(batch) ? batch : wellFormedBatch(batch)
}

/** @throws StoreError `store_misuse` for a filter over what is not declared */
export function checkFilter(kind: NodeKind, where: Filter): void {
  columnsOf(kind)
  for (const equal of [where.equals ?? {}, where.any ?? {}]) {
    for (const [name, values] of Object.entries(equal)) {
      columnOf(kind, name)
      for (const value of values) checkValue(kind, name, value)
    }
  }
  for (const bounds of [where.min ?? {}, where.max ?? {}]) {
    for (const [name, bound] of Object.entries(bounds)) {
      if (columnOf(kind, name).type !== 'int') throw misuse(`${kind}.${name} is not an int`)
      checkValue(kind, name, bound)
    }
  }
}

/** @throws StoreError `store_misuse` for a page of what is not declared */
export function checkPage({ kind, where, orderBy, limit, after }: PageQuery): void {
  orderColumn(kind, orderBy)
  checkFilter(kind, where)
  checkLimit(limit)
  if (after === undefined) return
  checkValue(kind, orderBy, after.value)
  if (typeof after.key !== 'string') throw misuse('a page continues after a key')
}

/** @throws StoreError `store_misuse` for groups of what is not declared */
export function checkGroups(query: GroupQuery): void {
  const { kind, by, distinct, span, lead } = query
  checkPage(query)
  lookupColumn(kind, by)
  if (columnOf(kind, distinct).type !== 'text') throw misuse(`${kind}.${distinct} is not text`)
  for (const name of [span, lead]) {
    if (columnOf(kind, name).type !== 'int') throw misuse(`${kind}.${name} is not an int`)
  }
}

export function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 0) throw misuse('a limit is a whole number from 0')
}

/** Text as UTF-8 can hold it; other values as they are. */
export function wellFormed<T extends Scalar>(value: T): T | string {
  return typeof value === 'string' ? value.toWellFormed() : value
}

function checkNode({ kind, key, columns }: GraphNode): void {
  const keyName = keyColumn(kind)
  if (typeof key !== 'string') throw misuse(`the key of ${kind} is text`)
  for (const [name, value] of Object.entries(columns)) checkValue(kind, name, value)
  if (columns[keyName] !== undefined && columns[keyName] !== key) {
    throw misuse(`${kind}.${keyName} differs from the key of its node`)
  }
}

function checkEdge({ kind, from, to }: GraphEdge): void {
  edgeEnds(kind)
  if (typeof from !== 'string' || typeof to !== 'string') throw misuse(`${kind} joins two keys`)
}

function isWellFormed({ nodes, edges, cleared, removed }: GraphBatch): boolean {
  return (
    nodes.every(
      ({ key, columns }) =>
        key.isWellFormed() &&
        Object.values(columns).every((value) => typeof value !== 'string' || value.isWellFormed()),
    ) &&
    edges.every(({ from, to }) => from.isWellFormed() && to.isWellFormed()) &&
    (cleared ?? []).every(({ from }) => from.isWellFormed()) &&
    (removed ?? []).every(({ key }) => key.isWellFormed())
  )
}

function wellFormedBatch(batch: GraphBatch): GraphBatch {
  const nodes = batch.nodes.map((node) => {
    const columns = Object.entries(node.columns).map(([name, value]) => [name, wellFormed(value)])
    return { ...node, key: node.key.toWellFormed(), columns: Object.fromEntries(columns) }
  })
  const edges = batch.edges.map(({ kind, from, to }) => ({
    kind,
    from: from.toWellFormed(),
    to: to.toWellFormed(),
  }))
  const cleared = (batch.cleared ?? []).map(({ kind, from }) => ({
    kind,
    from: from.toWellFormed(),
  }))
  const removed = (batch.removed ?? []).map(({ kind, key }) => ({ kind, key: key.toWellFormed() }))
  return { ...batch, nodes, edges, cleared, removed }
}
