import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { columnsOf, keyColumn } from '../columns.ts'
import type { GraphNode, NodeKind, Scalar } from '../store.ts'

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

/** A column's value as SQLite keeps it; a flag is 0 or 1. */
export function sqlValue(value: Scalar | undefined): SQLInputValue {
  if (value === undefined) return null
  return typeof value === 'boolean' ? Number(value) : value
}
