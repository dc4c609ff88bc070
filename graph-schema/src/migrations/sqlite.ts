import { type Column, NODE_KINDS } from '../graph/kinds.ts'
import type { Migration } from './migration.ts'

/**
 * Tables and indexes of a graph in SQLite, in order: a table for each node kind, one for all
 * relationships, and `meta` for the journal position. Absent columns are NULL and in no index. Node
 * tables keep their rowid: their rows are wide, and each index would repeat the whole key.
 */
export function sqliteMigrations(): readonly Migration[] {
  return [
    {
      id: '0001-tables',
      statements: [
        'CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID',
        ...Object.entries(NODE_KINDS).map(table),
        'CREATE TABLE IF NOT EXISTS edge (kind TEXT NOT NULL, from_key TEXT NOT NULL, to_key TEXT NOT NULL, PRIMARY KEY (kind, from_key, to_key)) STRICT, WITHOUT ROWID',
      ],
    },
    {
      id: '0002-lookups',
      statements: [
        'CREATE INDEX IF NOT EXISTS edge_back ON edge (kind, to_key, from_key)',
        ...Object.entries(NODE_KINDS).flatMap(lookupIndexes),
      ],
    },
    {
      // What stands open is listed in the order learned: without it, all of it is read and sorted for each page.
      id: '0003-orders',
      statements: [
        'CREATE INDEX IF NOT EXISTS "Finding_state_raisedAt" ON "Finding" ("state", "raisedAt" DESC, "id") WHERE "raisedAt" IS NOT NULL',
      ],
    },
  ]
}

type Entry = [string, { key: string; columns: Readonly<Record<string, Column>> }]

function table([kind, { key, columns }]: Entry): string {
  const definitions = Object.entries(columns).map(([name, { type }]) => {
    const affinity = type === 'int' || type === 'flag' ? 'INTEGER' : 'TEXT'
    return name === key ? `"${name}" TEXT NOT NULL PRIMARY KEY` : `"${name}" ${affinity}`
  })
  return `CREATE TABLE IF NOT EXISTS "${kind}" (${definitions.join(', ')}) STRICT`
}

function lookupIndexes([kind, { key, columns }]: Entry): string[] {
  return Object.entries(columns)
    .filter(([name, column]) => column.indexed === true && name !== key)
    .map(
      ([name]) =>
        `CREATE INDEX IF NOT EXISTS "${kind}_${name}" ON "${kind}" ("${name}") WHERE "${name}" IS NOT NULL`,
    )
}
