import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { columnsOf, keyColumn } from '../columns.ts'
import type { GraphNode, Group, NodeKind, Scalar } from '../store.ts'

export type Row = Readonly<Record<string, SQLOutputValue>>

/** A row of a node table as a node; NULL is absence. */
export function nodeOfRow(kind: NodeKind, row: Row): GraphNode {
  const columns: Record<string, Scalar> = {}
  for (const [name, { type }] of Object.entries(columnsOf(kind))) {
    const value = row[name]
    if (value === null || value === undefined) continue
    if (type === 'flag') columns[name] = value === 1
    else if (type === 'int') columns[name] = Number(value)
    else columns[name] = String(value)
  }
  return { kind, key: String(row[keyColumn(kind)]), columns }
}

/** A row of the statement that gives groups: what they are, beside the node that leads. */
export function groupOfRow(kind: NodeKind, row: Row): Group {
  const place = row['shared_place']
  const [least, greatest] = [row['shared_least'], row['shared_greatest']]
  return {
    key: String(row['shared_key']),
    place: typeof place === 'string' ? place : Number(place),
    count: Number(row['shared_count']),
    distinct: Number(row['shared_distinct']),
    ...(least === null ? {} : { least: Number(least) }),
    ...(greatest === null ? {} : { greatest: Number(greatest) }),
    lead: nodeOfRow(kind, row),
  }
}

/** A column's value as SQLite keeps it; a flag is 0 or 1. */
export function sqlValue(value: Scalar | undefined): SQLInputValue {
  if (value === undefined) return null
  return typeof value === 'boolean' ? Number(value) : value
}
