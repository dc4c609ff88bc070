import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { type Column, NODE_KINDS } from '../graph/kinds.ts'
import { sqliteMigrations } from './sqlite.ts'

/** Indexes over more than one column. */
const ORDERS: Readonly<Record<string, readonly string[]>> = { Finding: ['Finding_state_raisedAt'] }

const statements = sqliteMigrations().flatMap((migration) => migration.statements)

describe('the migrations of SQLite', () => {
  it('may be run again and then change nothing', () => {
    using db = new DatabaseSync(':memory:')
    const schema = () => db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all()
    for (const statement of statements) db.exec(statement)
    const before = schema()
    for (const statement of statements) db.exec(statement)
    expect(schema()).toEqual(before)
  })

  it('make a table for each node kind, with its columns, types and indexes', () => {
    using db = new DatabaseSync(':memory:')
    for (const statement of statements) db.exec(statement)
    for (const [kind, entry] of Object.entries(NODE_KINDS)) {
      const declared: Readonly<Record<string, Column>> = entry.columns
      const columns = db.prepare('SELECT name, type, pk FROM pragma_table_info(?)').all(kind)
      expect(columns).toEqual(
        Object.entries(declared).map(([name, { type }]) => ({
          name,
          type: type === 'int' || type === 'flag' ? 'INTEGER' : 'TEXT',
          pk: name === entry.key ? 1 : 0,
        })),
      )
      const indexes = db
        .prepare("SELECT name FROM pragma_index_list(?) WHERE origin = 'c'")
        .all(kind)
      const wanted = Object.keys(declared).filter((name) => declared[name]?.indexed === true)
      expect(indexes.map(({ name }) => name).sort()).toEqual(
        [...wanted.map((name) => `${kind}_${name}`), ...(ORDERS[kind] ?? [])].sort(),
      )
    }
  })

  it('take no value of another type', () => {
    using db = new DatabaseSync(':memory:')
    for (const statement of statements) db.exec(statement)
    expect(() => db.exec(`INSERT INTO "Link" (hash, depth) VALUES ('a', 'deep')`)).toThrow(
      /INTEGER/,
    )
    expect(() => db.exec(`INSERT INTO "Link" (depth) VALUES (1)`)).toThrow(/NOT NULL/)
  })
})
