import type { SQLInputValue } from 'node:sqlite'
import { checkBatch, checkFilter, checkGroups, checkLimit, checkPage } from '../check.ts'
import {
  columnsOf,
  EDGE_KIND_NAMES,
  edgeEnds,
  keyColumn,
  lookupColumn,
  NODE_KIND_NAMES,
  NOT_DUMPED,
} from '../columns.ts'
import { DUMP_PAGE } from '../limits.ts'
import type {
  EdgeKind,
  Filter,
  GraphBatch,
  GraphEdge,
  GraphNode,
  GraphStore,
  Group,
  GroupQuery,
  NodeKind,
  PageQuery,
  Scalar,
  StoreHealth,
} from '../store.ts'
import { compareText } from '../text.ts'
import { groupOfRow, nodeOfRow, type Row, sqlValue } from './rows.ts'
import { SqliteFile } from './sqlite-file.ts'
import * as statements from './statements.ts'

const VALUES = 1_000
const NO_LIMIT = -1

/**
 * The embedded graph: one SQLite file, or `:memory:`. It is a projection of the journal, so a commit
 * need not be synced: what a power cut takes is read again from the journal.
 *
 * @throws StoreError `store_corrupt` for a file that is no graph of ours, `store_unreachable`
 */
export function openSqliteStore(settings: { readonly file: string }): GraphStore {
  return new SqliteStore(new SqliteFile(settings.file))
}

class SqliteStore implements GraphStore {
  readonly name = 'sqlite'
  readonly #file: SqliteFile
  readonly #upserts = new Map<string, string>()

  constructor(file: SqliteFile) {
    this.#file = file
  }

  async init(): Promise<void> {
    this.#file.migrate()
  }

  async health(): Promise<StoreHealth> {
    try {
      this.#file.probe()
      const [row] = this.#all('SELECT sqlite_version() AS version')
      return { ok: true, engine: `SQLite ${row?.['version']}` }
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      return { ok: false, engine: 'SQLite', problem }
    }
  }

  async position(): Promise<number> {
    const [row] = this.#all("SELECT value FROM meta WHERE name = 'position'")
    return Number(row?.['value'] ?? 0)
  }

  async write(batch: GraphBatch): Promise<void> {
    const { nodes, edges, cleared, removed, position } = checkBatch(batch)
    this.#file.transaction(() => {
      for (const [kind, all] of Map.groupBy(removed ?? [], (node) => node.kind)) {
        const keys = JSON.stringify(all.map(({ key }) => key))
        for (const sql of statements.removeNodes(kind)) this.#run(sql, keys)
      }
      // Most ends of edges are written beside them, or are those of other edges of the batch.
      const there = new Set<string>()
      for (const node of nodes) {
        this.#put(node)
        there.add(`${node.kind} ${node.key}`)
      }
      for (const [from, kinds] of Map.groupBy(cleared ?? [], (edge) => edge.from)) {
        const json = JSON.stringify(kinds.map(({ kind }) => kind))
        this.#run(CLEAR_EDGES, json, from)
      }
      for (const edge of edges) this.#join(edge, there)
      if (position !== undefined) {
        this.#run(`INSERT OR REPLACE INTO meta (name, value) VALUES ('position', ?)`, position)
      }
    })
  }

  async find(
    kind: NodeKind,
    column: string,
    values: readonly string[],
    limit?: number,
  ): Promise<GraphNode[]> {
    lookupColumn(kind, column)
    if (limit !== undefined) checkLimit(limit)
    const sql = statements.findNodes(kind, column, limit !== undefined)
    const bound = limit === undefined ? [] : [limit]
    const found = chunks(distinct(values)).flatMap((part) =>
      this.#all(sql, JSON.stringify(part), ...bound),
    )
    return found
      .map((row) => nodeOfRow(kind, row))
      .sort((a, b) => compareText(a.key, b.key))
      .slice(0, limit)
  }

  async ancestors(links: readonly string[]): Promise<GraphNode[]> {
    return this.#walk('up', links, NO_LIMIT)
  }

  async descendants(links: readonly string[], limit: number): Promise<GraphNode[]> {
    checkLimit(limit)
    return this.#walk('down', links, limit)
  }

  async neighbours(
    kind: EdgeKind,
    direction: 'in' | 'out',
    keys: readonly string[],
    limit?: number,
  ): Promise<string[]> {
    edgeEnds(kind)
    if (limit !== undefined) checkLimit(limit)
    const sql = statements.neighbourKeys(direction)
    const found = chunks(distinct(keys)).flatMap((part) =>
      this.#all(sql, kind, JSON.stringify(part), limit ?? NO_LIMIT).map((row) =>
        String(row['key']),
      ),
    )
    return [...new Set(found)].sort(compareText).slice(0, limit)
  }

  async page(query: PageQuery): Promise<GraphNode[]> {
    checkPage(query)
    const { sql, values } = statements.pageNodes(query)
    return this.#all(sql, ...values).map((row) => nodeOfRow(query.kind, row))
  }

  async count(kind: NodeKind, where: Filter, limit: number): Promise<number> {
    checkFilter(kind, where)
    checkLimit(limit)
    const { sql, values } = statements.countNodes(kind, where, limit)
    const [row] = this.#all(sql, ...values)
    return Number(row?.['n'] ?? 0)
  }

  async groups(query: GroupQuery): Promise<Group[]> {
    checkGroups(query)
    const { sql, values } = statements.groupNodes(query)
    return this.#all(sql, ...values).map((row) => groupOfRow(query.kind, row))
  }

  async values(kind: NodeKind, column: string, limit: number): Promise<string[]> {
    lookupColumn(kind, column)
    checkLimit(limit)
    const sql = statements.differentValues(kind, column)
    return this.#all(sql, limit).map((row) => String(row['value']))
  }

  async clear(): Promise<void> {
    this.#file.empty()
  }

  async *dump(): AsyncIterable<GraphNode | GraphEdge> {
    for (const kind of NODE_KIND_NAMES) {
      if (!NOT_DUMPED.has(kind)) yield* this.#dumpNodes(kind)
    }
    yield* this.#dumpEdges()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#file[Symbol.dispose]()
  }

  #put({ kind, key, columns, whole }: GraphNode): void {
    const keyName = keyColumn(kind)
    const given: Readonly<Record<string, Scalar>> = { ...columns, [keyName]: key }
    const names =
      whole === true
        ? Object.entries(columnsOf(kind)).flatMap(([name, { learned }]) =>
            learned === true && given[name] === undefined ? [] : [name],
          )
        : Object.keys(given)
    this.#run(this.#upsert(kind, names), ...names.map((name) => sqlValue(given[name])))
  }

  /** Made once for each set of columns: with forty columns the text takes longer than its use. */
  #upsert(kind: NodeKind, names: readonly string[]): string {
    const id = `${kind} ${names.join(' ')}`
    const sql = this.#upserts.get(id) ?? statements.upsertNode(kind, names)
    this.#upserts.set(id, sql)
    return sql
  }

  #join({ kind, from, to }: GraphEdge, there: Set<string>): void {
    const ends = edgeEnds(kind)
    this.#end(ends.from, from, there)
    this.#end(ends.to, to, there)
    this.#run(
      'INSERT OR IGNORE INTO edge (kind, from_key, to_key) VALUES (?, ?, ?)',
      kind,
      from,
      to,
    )
  }

  /** An edge may come before what it hangs on. */
  #end(kind: NodeKind, key: string, there: Set<string>): void {
    const id = `${kind} ${key}`
    if (there.has(id)) return
    there.add(id)
    this.#run(this.#upsert(kind, [keyColumn(kind)]), key)
  }

  #walk(direction: 'up' | 'down', links: readonly string[], limit: number): GraphNode[] {
    const start = JSON.stringify(distinct(links))
    const rows = this.#all(statements.walkLinks(direction), start, limit)
    return rows.map((row) => nodeOfRow('Link', row))
  }

  *#dumpNodes(kind: NodeKind): Iterable<GraphNode> {
    let after: string[] = []
    for (;;) {
      const sql = statements.dumpNodes(kind, after.length > 0)
      const rows = this.#all(sql, ...after, DUMP_PAGE)
      for (const row of rows) {
        const node = nodeOfRow(kind, row)
        const columns = Object.entries(node.columns).sort(([a], [b]) => compareText(a, b))
        yield { ...node, columns: Object.fromEntries(columns) }
        after = [node.key]
      }
      if (rows.length < DUMP_PAGE) return
    }
  }

  *#dumpEdges(): Iterable<GraphEdge> {
    let after: string[] = []
    for (;;) {
      const rows = this.#all(statements.dumpEdges(after.length > 0), ...after, DUMP_PAGE)
      for (const row of rows) {
        const kind = EDGE_KIND_NAMES.find((name) => name === row['kind'])
        const [from, to] = [String(row['from_key']), String(row['to_key'])]
        if (kind !== undefined) yield { kind, from, to }
        after = [String(row['kind']), from, to]
      }
      if (rows.length < DUMP_PAGE) return
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#file.prepared(sql).run(...values)
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#file.guard(() => this.#file.prepared(sql).all(...values))
  }
}

const CLEAR_EDGES =
  'DELETE FROM edge WHERE kind IN (SELECT value FROM json_each(?)) AND from_key = ?'

function distinct(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => value.toWellFormed()))]
}

function chunks(values: readonly string[]): string[][] {
  const parts: string[][] = []
  for (let i = 0; i < values.length; i += VALUES) parts.push(values.slice(i, i + VALUES))
  return parts
}
