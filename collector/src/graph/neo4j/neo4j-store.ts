import neo4j from 'neo4j-driver'
import { checkBatch, checkFilter, checkGroups, checkLimit, checkPage } from '../check.ts'
import {
  columnsOf,
  EDGE_KIND_NAMES,
  edgeEnds,
  lookupColumn,
  NODE_KIND_NAMES,
  NOT_DUMPED,
} from '../columns.ts'
import { DUMP_PAGE } from '../limits.ts'
import { migrationDigest, neo4jMigrations } from '../migrations.ts'
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
  StoreHealth,
  StoreQuestion,
} from '../store.ts'
import { compareText } from '../text.ts'
import { clearGraph } from './clear.ts'
import { Neo4jConnection, type Neo4jSettings, type Parameters } from './connection.ts'
import { cypherOf } from './cypher.ts'
import {
  comparable,
  indexed,
  isShortened,
  LONG,
  nodeOfProperties,
  type Properties,
  sendable,
} from './rows.ts'
import * as statements from './statements.ts'
import { writePlan } from './write-plan.ts'

export type { Neo4jSettings }

const NO_LIMIT = Number.MAX_SAFE_INTEGER

/**
 * The graph in a Neo4j server of version 5 or later. Nothing is sent before `init` or the first
 * question.
 *
 * @throws StoreError `store_config` for an address that cannot be one or holds a password
 */
export function openNeo4jStore(settings: Neo4jSettings): GraphStore {
  return new Neo4jStore(new Neo4jConnection(settings))
}

class Neo4jStore implements GraphStore {
  readonly name = 'neo4j'
  readonly #connection: Neo4jConnection

  constructor(connection: Neo4jConnection) {
    this.#connection = connection
  }

  cypher(question: StoreQuestion): string {
    if (question.ask === 'page') checkPage(question.query)
    return cypherOf(question, this.#connection.tenant)
  }

  async init(): Promise<void> {
    await this.#connection.engine()
    const rows = await this.#connection.read(statements.GET_MIGRATIONS, {})
    const applied = new Map(rows.map((row) => [row['id'], row['digest']]))
    for (const migration of neo4jMigrations()) {
      const [id, digest] = [migration.id, migrationDigest(migration)]
      if (applied.get(id) === digest) continue
      // Changes of the schema and of data cannot share a transaction; each may be run again.
      await this.#connection.schema(
        migration.statements.map((statement) => ({ statement, parameters: {} })),
      )
      await this.#connection.read(statements.AWAIT_INDEXES, {})
      await this.#connection.write([
        { statement: statements.PUT_MIGRATION, parameters: { id, digest } },
      ])
    }
  }

  async health(): Promise<StoreHealth> {
    try {
      await this.#connection.probe({ statement: statements.PROBE, parameters: {} })
      return { ok: true, engine: await this.#connection.engine() }
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      return { ok: false, engine: 'Neo4j', problem }
    }
  }

  async position(): Promise<number> {
    const [row] = await this.#connection.read(statements.GET_POSITION, {})
    return Number(row?.['value'] ?? 0)
  }

  async write(batch: GraphBatch): Promise<void> {
    const steps = writePlan(checkBatch(batch))
    if (steps.length > 0) await this.#connection.write(steps)
  }

  async find(
    kind: NodeKind,
    column: string,
    values: readonly string[],
    limit?: number,
  ): Promise<GraphNode[]> {
    lookupColumn(kind, column)
    if (limit !== undefined) checkLimit(limit)
    if (values.length === 0) return []
    return this.#nodes(kind, statements.findNodes(kind, column, limit !== undefined), {
      values: uids(values),
      ...(limit === undefined ? {} : { limit: neo4j.int(limit) }),
    })
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
    if (keys.length === 0) return []
    const statement = statements.neighbourKeys(kind, direction, limit !== undefined)
    const rows = await this.#connection.read(statement, {
      keys: uids(keys),
      ...(limit === undefined ? {} : { limit: neo4j.int(limit) }),
    })
    return rows.map((row) => String(row['key'])).sort(compareText)
  }

  async page(query: PageQuery): Promise<GraphNode[]> {
    checkPage(query)
    const { kind, where, orderBy, limit, after } = query
    const rows = await this.#connection.read(statements.pageNodes(query), {
      ...filterParameters(kind, where),
      ...(after === undefined
        ? {}
        : { value: comparable(kind, orderBy, after.value), key: uid(after.key) }),
      limit: neo4j.int(limit),
    })
    return rows.map((row) => nodeOfProperties(kind, propertiesOf(row['node'])))
  }

  async count(kind: NodeKind, where: Filter, limit: number): Promise<number> {
    checkFilter(kind, where)
    checkLimit(limit)
    const parameters = { ...filterParameters(kind, where), limit: neo4j.int(limit) }
    const [row] = await this.#connection.read(statements.countNodes(kind, where), parameters)
    return Number(row?.['n'] ?? 0)
  }

  async groups(query: GroupQuery): Promise<Group[]> {
    checkGroups(query)
    const { kind, where, by, orderBy, limit, after } = query
    const rows = await this.#connection.read(statements.groupNodes(query), {
      ...filterParameters(kind, where),
      ...(after === undefined
        ? {}
        : {
            value: comparable(kind, orderBy, after.value),
            key: comparable(kind, by, after.key),
          }),
      limit: neo4j.int(limit),
    })
    return rows.map((row) => groupOfRow(query, row))
  }

  async values(kind: NodeKind, column: string, limit: number): Promise<string[]> {
    lookupColumn(kind, column)
    checkLimit(limit)
    const parameters = { limit: neo4j.int(limit), long: neo4j.int(LONG) }
    const rows = await this.#connection.read(statements.differentValues(kind, column), parameters)
    const values = rows.map(({ value, whole }) =>
      String(isShortened(value) && typeof whole === 'string' ? whole : value),
    )
    return [...new Set(values)].sort(compareText)
  }

  async clear(): Promise<void> {
    await clearGraph(this.#connection)
  }

  async *dump(): AsyncIterable<GraphNode | GraphEdge> {
    for (const kind of NODE_KIND_NAMES) {
      if (!NOT_DUMPED.has(kind)) yield* this.#dumpNodes(kind)
    }
    for (const kind of EDGE_KIND_NAMES) yield* this.#dumpEdges(kind)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]()
  }

  async #walk(
    direction: 'up' | 'down',
    links: readonly string[],
    limit: number,
  ): Promise<GraphNode[]> {
    if (links.length === 0) return []
    const parameters = { links: uids(links), limit: neo4j.int(limit) }
    return this.#nodes('Link', statements.walkLinks(direction), parameters)
  }

  async #nodes(kind: NodeKind, statement: string, parameters: Parameters): Promise<GraphNode[]> {
    const rows = await this.#connection.read(statement, parameters)
    return rows
      .map((row) => nodeOfProperties(kind, propertiesOf(row['node'])))
      .sort((a, b) => compareText(a.key, b.key))
  }

  async *#dumpNodes(kind: NodeKind): AsyncIterable<GraphNode> {
    const declared = columnsOf(kind)
    let after: unknown
    for (;;) {
      const statement = statements.dumpNodes(kind, after !== undefined)
      const parameters = { after: after ?? null, limit: neo4j.int(DUMP_PAGE) }
      const rows = await this.#connection.read(statement, parameters)
      for (const row of rows) {
        const node = nodeOfProperties(kind, propertiesOf(row['node']))
        const columns = Object.entries(node.columns)
          .filter(([name]) => declared[name]?.learned !== true)
          .sort(([a], [b]) => compareText(a, b))
        yield { ...node, columns: Object.fromEntries(columns) }
        after = row['uid']
      }
      if (rows.length < DUMP_PAGE) return
    }
  }

  async *#dumpEdges(kind: EdgeKind): AsyncIterable<GraphEdge> {
    let after: unknown
    for (;;) {
      const statement = statements.dumpEdges(kind, after !== undefined)
      const parameters = { after: after ?? null, limit: neo4j.int(DUMP_PAGE) }
      const rows = await this.#connection.read(statement, parameters)
      for (const row of rows) {
        if (row['to'] !== null) yield { kind, from: String(row['from']), to: String(row['to']) }
        after = row['uid']
      }
      // A page has as many rows as nodes at least, so a short one is the last.
      if (rows.length < DUMP_PAGE) return
    }
  }
}

function uid(key: string): string {
  return indexed(key.toWellFormed())
}

function uids(keys: readonly string[]): string[] {
  return [...new Set(keys.map(uid))]
}

function filterParameters(kind: NodeKind, where: Filter): Parameters {
  const bounds = (given: Readonly<Record<string, number>> | undefined): Parameters =>
    Object.fromEntries(Object.entries(given ?? {}).map(([name, n]) => [name, sendable(n)]))
  const sets = (given: Filter['equals']): Parameters =>
    Object.fromEntries(
      Object.entries(given ?? {}).map(([name, values]) => [
        name,
        values.map((value) => comparable(kind, name, value)),
      ]),
    )
  return {
    equals: sets(where.equals),
    any: sets(where.any),
    min: bounds(where.min),
    max: bounds(where.max),
  }
}

/** Groups are keyed by what is indexed; the node that leads has the whole of it. */
function groupOfRow({ kind, by }: GroupQuery, row: Properties): Group {
  const lead = nodeOfProperties(kind, propertiesOf(row['node']))
  const { place, least, greatest } = row
  return {
    key: String(lead.columns[by] ?? lead.key),
    place: typeof place === 'string' ? place : Number(place),
    count: Number(row['count']),
    distinct: Number(row['different']),
    ...(least === null ? {} : { least: Number(least) }),
    ...(greatest === null ? {} : { greatest: Number(greatest) }),
    lead,
  }
}

function propertiesOf(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
