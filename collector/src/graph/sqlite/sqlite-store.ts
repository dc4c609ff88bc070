import { createHash } from 'node:crypto'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { EDGE_KINDS, NODE_KINDS } from '@delegraph/graph-schema'
import {
  checkBatch,
  checkFilter,
  columnOf,
  columnsOf,
  edgeEnds,
  KEEPS_SMALLER,
  keyColumn,
  lookupColumn,
} from '../columns.ts'
import { StoreError } from '../errors.ts'
import type {
  EdgeKind,
  Filter,
  GraphBatch,
  GraphEdge,
  GraphNode,
  GraphStore,
  NodeKind,
  PageQuery,
  Scalar,
  StoreHealth,
} from '../store.ts'
import { schemaStatements, schemaText } from './schema.ts'

const MAX_DEPTH = 16
const CHUNK = 500

/**
 * The embedded graph: one SQLite file. It is a projection of the journal, so a commit need not be
 * synced: what a power cut takes is read again from the journal.
 *
 * @throws StoreError `store_corrupt` for a file that is no database of ours
 */
export function openSqliteStore(settings: { readonly file: string }): GraphStore {
  return new SqliteStore(settings.file)
}

type Row = Record<string, string | number | bigint | null | Uint8Array>

class SqliteStore implements GraphStore {
  readonly name = 'sqlite'
  readonly #file: string
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(file: string) {
    this.#file = file
    try {
      this.#db = new DatabaseSync(file)
      this.#db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000',
      )
    } catch (cause) {
      throw this.#corrupt(cause)
    }
  }

  async init(): Promise<void> {
    try {
      const form = Number.parseInt(
        createHash('sha256').update(schemaText()).digest('hex').slice(0, 7),
        16,
      )
      const { user_version: known } = this.#db.prepare('PRAGMA user_version').get() as Row
      // Another form of the graph is not migrated: the journal is there to make it anew.
      if (known !== 0 && known !== form) this.#drop()
      this.#db.exec('BEGIN IMMEDIATE')
      for (const statement of schemaStatements()) this.#db.exec(statement)
      this.#db.exec(`PRAGMA user_version = ${form}`)
      this.#db.exec('COMMIT')
    } catch (cause) {
      throw this.#corrupt(cause)
    }
  }

  async health(): Promise<StoreHealth> {
    try {
      const { version } = this.#db.prepare('SELECT sqlite_version() AS version').get() as Row
      return { ok: true, engine: `SQLite ${version}` }
    } catch {
      return { ok: false, engine: 'SQLite', problem: `${this.#file} cannot be read` }
    }
  }

  async position(): Promise<number> {
    const row = this.#run(`SELECT value FROM meta WHERE name = 'position'`).get() as Row | undefined
    return row === undefined ? 0 : Number(row['value'])
  }

  async write(batch: GraphBatch): Promise<void> {
    checkBatch(batch)
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      for (const node of batch.nodes) this.#put(node)
      for (const { kind, from } of batch.cleared ?? []) {
        this.#run('DELETE FROM edge WHERE kind = ? AND "from" = ?').run(kind, from)
      }
      for (const edge of batch.edges) this.#join(edge)
      if (batch.position !== undefined) {
        this.#run(
          `INSERT INTO meta VALUES ('position', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        ).run(batch.position)
      }
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  async find(kind: NodeKind, column: string, values: readonly string[]): Promise<GraphNode[]> {
    lookupColumn(kind, column)
    const found: GraphNode[] = []
    for (let i = 0; i < values.length; i += CHUNK) {
      const part = values.slice(i, i + CHUNK)
      const sql = `SELECT * FROM "${kind}" WHERE "${column}" IN (SELECT value FROM json_each(?))`
      for (const row of this.#run(sql).all(JSON.stringify(part))) {
        found.push(nodeOf(kind, row as Row))
      }
    }
    return distinctByKey(found)
  }

  async ancestors(links: readonly string[]): Promise<GraphNode[]> {
    return this.#walk(links, 'from', 'to')
  }

  async descendants(links: readonly string[], limit: number): Promise<GraphNode[]> {
    const roots = new Set(links)
    return this.#walk(links, 'to', 'from')
      .filter((node) => !roots.has(node.key))
      .slice(0, limit)
  }

  async neighbours(
    kind: EdgeKind,
    direction: 'in' | 'out',
    keys: readonly string[],
  ): Promise<string[]> {
    edgeEnds(kind)
    const [near, far] = direction === 'in' ? ['to', 'from'] : ['from', 'to']
    const sql = `SELECT DISTINCT "${far}" AS key FROM edge WHERE kind = ? AND "${near}" IN (SELECT value FROM json_each(?))`
    const rows = this.#run(sql).all(kind, JSON.stringify(keys)) as Row[]
    return rows.map((row) => String(row['key'])).sort(byText)
  }

  async page(query: PageQuery): Promise<GraphNode[]> {
    const { kind, where, orderBy, direction, limit, after } = query
    columnOf(kind, orderBy)
    checkFilter(kind, where)
    const key = keyColumn(kind)
    const { clauses, values } = conditions(where)
    const [than, way] = direction === 'asc' ? ['>', 'ASC'] : ['<', 'DESC']
    clauses.push(`"${orderBy}" IS NOT NULL`)
    if (after !== undefined) {
      clauses.push(`("${orderBy}" ${than} ? OR ("${orderBy}" = ? AND "${key}" > ?))`)
      values.push(sqlValue(after.value), sqlValue(after.value), after.key)
    }
    const sql = `SELECT * FROM "${kind}" WHERE ${clauses.join(' AND ')} ORDER BY "${orderBy}" ${way}, "${key}" ASC LIMIT ?`
    const rows = this.#run(sql).all(...values, limit) as Row[]
    return rows.map((row) => nodeOf(kind, row))
  }

  async count(kind: NodeKind, where: Filter, limit: number): Promise<number> {
    checkFilter(kind, where)
    const { clauses, values } = conditions(where)
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM "${kind}" WHERE ${[...clauses, '1'].join(' AND ')} LIMIT ?)`
    return Number((this.#run(sql).get(...values, limit) as Row)['n'])
  }

  async clear(): Promise<void> {
    this.#drop()
    await this.init()
  }

  async *dump(): AsyncIterable<GraphNode | GraphEdge> {
    for (const kind of (Object.keys(NODE_KINDS) as NodeKind[]).sort()) {
      if (kind === 'FindingEvent') continue
      const columns = columnsOf(kind)
      const key = keyColumn(kind)
      for (const row of this.#db.prepare(`SELECT * FROM "${kind}" ORDER BY "${key}"`).iterate()) {
        const node = nodeOf(kind, row as Row)
        const kept = Object.entries(node.columns).filter(
          ([name]) => columns[name]?.learned !== true,
        )
        yield { ...node, columns: Object.fromEntries(kept.sort(([a], [b]) => byText(a, b))) }
      }
    }
    const rows = this.#db.prepare('SELECT kind, "from", "to" FROM edge ORDER BY kind, "from", "to"')
    for (const row of rows.iterate()) {
      const { kind, from, to } = row as { kind: string; from: string; to: string }
      yield { kind: kind as EdgeKind, from, to }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#statements.clear()
    this.#db.close()
  }

  #put(node: GraphNode): void {
    const { kind, key } = node
    const keyName = keyColumn(kind)
    const given = { ...node.columns, [keyName]: key }
    const names =
      node.whole === true
        ? Object.entries(columnsOf(kind)).flatMap(([name, column]) =>
            column.learned === true && given[name] === undefined ? [] : [name],
          )
        : Object.keys(given).sort()
    const list = names.map((name) => `"${name}"`).join(', ')
    const marks = names.map(() => '?').join(', ')
    const sets = names
      .filter((name) => name !== keyName)
      .map((name) =>
        KEEPS_SMALLER.has(name)
          ? `"${name}" = min(coalesce("${name}", excluded."${name}"), excluded."${name}")`
          : `"${name}" = excluded."${name}"`,
      )
    const action = sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`
    const sql = `INSERT INTO "${kind}" (${list}) VALUES (${marks}) ON CONFLICT ("${keyName}") DO ${action}`
    this.#run(sql).run(...names.map((name) => sqlValue(given[name])))
  }

  #join({ kind, from, to }: GraphEdge): void {
    const ends = EDGE_KINDS[kind]
    for (const [end, key] of [
      [ends.from, from],
      [ends.to, to],
    ] as const) {
      this.#run(`INSERT OR IGNORE INTO "${end}" ("${keyColumn(end)}") VALUES (?)`).run(key)
    }
    this.#run('INSERT OR IGNORE INTO edge VALUES (?, ?, ?)').run(kind, from, to)
  }

  #walk(links: readonly string[], near: 'from' | 'to', far: 'from' | 'to'): GraphNode[] {
    const sql = `WITH RECURSIVE walk(hash, depth) AS (
      SELECT value, 0 FROM json_each(?)
      UNION SELECT edge."${far}", walk.depth + 1 FROM walk
        JOIN edge ON edge.kind = 'DERIVED_FROM' AND edge."${near}" = walk.hash
        WHERE walk.depth < ${MAX_DEPTH})
      SELECT DISTINCT "Link".* FROM walk JOIN "Link" ON "Link"."hash" = walk.hash`
    const rows = this.#run(sql).all(JSON.stringify([...new Set(links)])) as Row[]
    return distinctByKey(rows.map((row) => nodeOf('Link', row)))
  }

  #run(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #drop(): void {
    this.#statements.clear()
    this.#db.exec('BEGIN IMMEDIATE')
    for (const row of this.#db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all()) {
      this.#db.exec(`DROP TABLE "${String((row as Row)['name'])}"`)
    }
    this.#db.exec('COMMIT')
  }

  #corrupt(cause: unknown): StoreError {
    return new StoreError(
      'store_corrupt',
      `${this.#file} cannot be used as the graph; move it away and run "delegraph rebuild"`,
      { cause },
    )
  }
}

function conditions(where: Filter): { clauses: string[]; values: SQLInputValue[] } {
  const clauses: string[] = []
  const values: SQLInputValue[] = []
  for (const [name, wanted] of Object.entries(where.equals ?? {})) {
    clauses.push(`"${name}" IN (${wanted.map(() => '?').join(', ')})`)
    values.push(...wanted.map(sqlValue))
  }
  for (const [name, min] of Object.entries(where.min ?? {})) {
    clauses.push(`"${name}" >= ?`)
    values.push(min)
  }
  for (const [name, max] of Object.entries(where.max ?? {})) {
    clauses.push(`"${name}" <= ?`)
    values.push(max)
  }
  return { clauses, values }
}

function nodeOf(kind: NodeKind, row: Row): GraphNode {
  const columns: Record<string, Scalar> = {}
  for (const [name, column] of Object.entries(columnsOf(kind))) {
    const value = row[name]
    if (value === null || value === undefined) continue
    if (column.type === 'flag') columns[name] = value === 1
    else if (column.type === 'int') columns[name] = Number(value)
    else columns[name] = String(value)
  }
  return { kind, key: String(row[keyColumn(kind)]), columns }
}

function sqlValue(value: Scalar | undefined): SQLInputValue {
  if (value === undefined) return null
  return typeof value === 'boolean' ? Number(value) : value
}

function distinctByKey(nodes: readonly GraphNode[]): GraphNode[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]))
  return [...byKey.values()].sort((a, b) => byText(a.key, b.key))
}

/** The order of code units, as SQLite's BINARY has it for the keys that we make. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
