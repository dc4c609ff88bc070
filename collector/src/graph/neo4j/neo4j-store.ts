import { EDGE_KINDS, NODE_KINDS } from '@delegraph/graph-schema'
import neo4j, { type Driver, type ManagedTransaction, type RecordShape } from 'neo4j-driver'
import {
  checkBatch,
  checkFilter,
  columnOf,
  columnsOf,
  edgeEnds,
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
import * as statements from './statements.ts'

export interface Neo4jSettings {
  /** `bolt://`, `neo4j://`, or one of their TLS forms. */
  readonly uri: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
  /** Keeps several graphs apart in one database; `default` where absent. */
  readonly tenant?: string
}

const ROWS = 2_000
const TIMEOUT = 60_000

/** The graph in a Neo4j 5 server. Nothing is sent before `init` or the first question. */
export function openNeo4jStore(settings: Neo4jSettings): GraphStore {
  return new Neo4jStore(settings)
}

type Parameters = Record<string, unknown>
type Properties = Record<string, unknown>

class Neo4jStore implements GraphStore {
  readonly name = 'neo4j'
  readonly #driver: Driver
  readonly #database: string | undefined
  readonly #tenant: string

  constructor(settings: Neo4jSettings) {
    const { uri, user, password } = settings
    const auth = password === undefined ? undefined : neo4j.auth.basic(user ?? 'neo4j', password)
    this.#driver = neo4j.driver(uri, auth, {
      disableLosslessIntegers: true,
      connectionTimeout: 5_000,
      connectionAcquisitionTimeout: 10_000,
      maxTransactionRetryTime: 15_000,
      maxConnectionPoolSize: 16,
      telemetryDisabled: true,
      userAgent: 'delegraph',
    })
    this.#database = settings.database
    this.#tenant = settings.tenant ?? 'default'
  }

  async init(): Promise<void> {
    await using session = this.#session('WRITE')
    try {
      for (const statement of statements.migrations()) await session.run(statement)
      await session.run('CALL db.awaitIndexes(60)')
    } catch (error) {
      throw storeError(error)
    }
  }

  async health(): Promise<StoreHealth> {
    try {
      const { agent } = await this.#driver.getServerInfo(
        this.#database === undefined ? {} : { database: this.#database },
      )
      return { ok: true, engine: (agent ?? 'Neo4j').replace('/', ' ') }
    } catch (error) {
      return { ok: false, engine: 'Neo4j', problem: storeError(error).message }
    }
  }

  async position(): Promise<number> {
    const [row] = await this.#read(statements.GET_POSITION, {})
    return row === undefined ? 0 : Number(row['value'])
  }

  async write(batch: GraphBatch): Promise<void> {
    checkBatch(batch)
    const nodes = Map.groupBy(batch.nodes, (node) => node.kind)
    const edges = Map.groupBy(batch.edges, (edge) => edge.kind)
    const cleared = Map.groupBy(batch.cleared ?? [], (edge) => edge.kind)
    await this.#transaction(async (run) => {
      // One order for all writers: kinds by name and rows by key, nodes before relationships.
      for (const [kind, list] of sorted(nodes)) {
        // A row a statement: the second row of one key must see what the first one set.
        for (const rows of waves(list)) await run(statements.putNodes(kind), { rows })
      }
      for (const [kind, list] of sorted(stubsOf(batch.edges))) {
        await run(statements.stubNodes(kind), { rows: [...list].sort() })
      }
      for (const [kind, list] of sorted(cleared)) {
        await run(statements.clearEdges(kind), { rows: list.map((edge) => edge.from).sort() })
      }
      for (const [kind, list] of sorted(edges)) {
        const rows = list.map(({ from, to }) => ({ from, to }))
        await run(statements.putEdges(kind), { rows: rows.sort(byEnds) })
      }
      if (batch.position !== undefined) {
        await run(statements.PUT_POSITION, { value: neo4j.int(batch.position) })
      }
    })
  }

  async find(kind: NodeKind, column: string, values: readonly string[]): Promise<GraphNode[]> {
    lookupColumn(kind, column)
    if (values.length === 0) return []
    const rows = await this.#read(statements.findNodes(kind, column), {
      values: [...new Set(values)],
    })
    return rows.map((row) => nodeOf(kind, row['node'] as Properties))
  }

  async ancestors(links: readonly string[]): Promise<GraphNode[]> {
    return this.#walk('up', links, 1_000_000)
  }

  async descendants(links: readonly string[], limit: number): Promise<GraphNode[]> {
    const roots = new Set(links)
    const found = await this.#walk('down', links, limit + roots.size)
    return found.filter((node) => !roots.has(node.key)).slice(0, limit)
  }

  async neighbours(
    kind: EdgeKind,
    direction: 'in' | 'out',
    keys: readonly string[],
  ): Promise<string[]> {
    edgeEnds(kind)
    if (keys.length === 0) return []
    const rows = await this.#read(statements.neighbourKeys(kind, direction), {
      keys: [...new Set(keys)],
    })
    return rows.map((row) => String(row['uid']))
  }

  async page(query: PageQuery): Promise<GraphNode[]> {
    const { kind, where, orderBy, direction, limit, after } = query
    columnOf(kind, orderBy)
    checkFilter(kind, where)
    const rows = await this.#read(
      statements.pageNodes(kind, where, orderBy, direction, after !== undefined),
      {
        ...filterParameters(where),
        limit: neo4j.int(limit),
        after: after && sendable({ ...after }),
      },
    )
    return rows.map((row) => nodeOf(kind, row['node'] as Properties))
  }

  async count(kind: NodeKind, where: Filter, limit: number): Promise<number> {
    checkFilter(kind, where)
    const [row] = await this.#read(statements.countNodes(kind, where), {
      ...filterParameters(where),
      limit: neo4j.int(limit),
    })
    return Number(row?.['n'] ?? 0)
  }

  async clear(): Promise<void> {
    const limit = neo4j.int(10_000)
    for (const kind of Object.keys(NODE_KINDS) as NodeKind[]) {
      let gone = 1
      while (gone > 0) {
        gone = await this.#transaction(async (run) => {
          const [row] = await run(statements.deleteNodes(kind), { limit })
          return Number(row?.['n'] ?? 0)
        })
      }
    }
    await this.#transaction((run) => run(statements.DELETE_POSITION, {}))
  }

  async *dump(): AsyncIterable<GraphNode | GraphEdge> {
    const limit = neo4j.int(ROWS)
    for (const kind of (Object.keys(NODE_KINDS) as NodeKind[]).sort()) {
      if (kind === 'FindingEvent') continue
      const columns = columnsOf(kind)
      let after = ''
      for (;;) {
        const rows = await this.#read(statements.dumpNodes(kind), { after, limit })
        for (const row of rows) {
          const node = nodeOf(kind, row['node'] as Properties)
          const kept = Object.entries(node.columns).filter(
            ([name]) => columns[name]?.learned !== true,
          )
          yield { ...node, columns: Object.fromEntries(kept.sort(byName)) }
          after = node.key
        }
        if (rows.length < ROWS) break
      }
    }
    for (const kind of (Object.keys(EDGE_KINDS) as EdgeKind[]).sort()) {
      for (let skip = 0; ; skip += ROWS) {
        const rows = await this.#read(statements.dumpEdges(kind), { skip: neo4j.int(skip), limit })
        for (const row of rows) {
          yield { kind, from: String(row['from']), to: String(row['to']) }
        }
        if (rows.length < ROWS) break
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.close()
  }

  async #walk(
    direction: 'up' | 'down',
    links: readonly string[],
    limit: number,
  ): Promise<GraphNode[]> {
    if (links.length === 0) return []
    const rows = await this.#read(statements.walkLinks(direction), {
      links: [...new Set(links)],
      limit: neo4j.int(limit),
    })
    return rows.map((row) => nodeOf('Link', row['node'] as Properties))
  }

  async #read(statement: string, parameters: Parameters): Promise<RecordShape[]> {
    await using session = this.#session('READ')
    try {
      return await session.executeRead(
        async (tx) => rowsOf(tx, statement, { ...parameters, tenant: this.#tenant }),
        { timeout: TIMEOUT },
      )
    } catch (error) {
      throw storeError(error)
    }
  }

  async #transaction<T>(
    work: (
      run: (statement: string, parameters: Parameters) => Promise<RecordShape[]>,
    ) => Promise<T>,
  ): Promise<T> {
    await using session = this.#session('WRITE')
    try {
      return await session.executeWrite(
        (tx) =>
          work((statement, parameters) =>
            rowsOf(tx, statement, { ...parameters, tenant: this.#tenant }),
          ),
        { timeout: TIMEOUT },
      )
    } catch (error) {
      throw storeError(error)
    }
  }

  #session(mode: 'READ' | 'WRITE') {
    return this.#driver.session({
      defaultAccessMode: mode,
      ...(this.#database === undefined ? {} : { database: this.#database }),
    })
  }
}

async function rowsOf(
  tx: ManagedTransaction,
  statement: string,
  parameters: Parameters,
): Promise<RecordShape[]> {
  const result = await tx.run(statement, parameters)
  return result.records.map((record) => record.toObject())
}

interface PutRow {
  readonly uid: string
  readonly whole: boolean
  readonly set: Properties
}

/**
 * Rows in groups in which no key comes twice, in the order given for each key. A group is what one
 * statement may hold: within it the order of rows is by key, to lock in one order.
 */
function waves(nodes: readonly GraphNode[]): PutRow[][] {
  const groups: Map<string, PutRow>[] = []
  for (const node of nodes) {
    const row = { uid: node.key, whole: node.whole === true, set: sendable(node.columns) }
    // After the last group that has the key, so that a later row is written later.
    const last = groups.findLastIndex((group) => group.has(node.key))
    let group = groups[last + 1]
    if (group === undefined) {
      group = new Map()
      groups.push(group)
    }
    group.set(node.key, row)
  }
  return groups.flatMap((group) =>
    chunks([...group.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1))),
  )
}

function chunks<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = []
  for (let i = 0; i < rows.length; i += ROWS) parts.push(rows.slice(i, i + ROWS))
  return parts
}

function stubsOf(edges: readonly GraphEdge[]): Map<NodeKind, Set<string>> {
  const stubs = new Map<NodeKind, Set<string>>()
  for (const { kind, from, to } of edges) {
    const ends = edgeEnds(kind)
    stubs.set(ends.from, (stubs.get(ends.from) ?? new Set()).add(from))
    stubs.set(ends.to, (stubs.get(ends.to) ?? new Set()).add(to))
  }
  return stubs
}

/** The driver sends JavaScript numbers as floats; ours are whole. */
function sendable(columns: Readonly<Record<string, Scalar>>): Properties {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      typeof value === 'number' ? neo4j.int(value) : value,
    ]),
  )
}

function filterParameters(where: Filter): Parameters {
  const ints = (record: Readonly<Record<string, number>> | undefined): Parameters =>
    Object.fromEntries(Object.entries(record ?? {}).map(([name, n]) => [name, neo4j.int(n)]))
  const equals = Object.entries(where.equals ?? {}).map(([name, values]) => [
    name,
    values.map((value) => (typeof value === 'number' ? neo4j.int(value) : value)),
  ])
  return { equals: Object.fromEntries(equals), min: ints(where.min), max: ints(where.max) }
}

function nodeOf(kind: NodeKind, properties: Properties): GraphNode {
  const columns: Record<string, Scalar> = {}
  for (const name of Object.keys(columnsOf(kind))) {
    const value = properties[name]
    if (value !== null && value !== undefined) columns[name] = value as Scalar
  }
  return { kind, key: String(columns[keyColumn(kind)]), columns }
}

function sorted<K extends string, V>(groups: ReadonlyMap<K, V>): [K, V][] {
  return [...groups].sort(byName)
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}

function byEnds(a: { from: string; to: string }, b: { from: string; to: string }): number {
  return a.from === b.from ? (a.to < b.to ? -1 : 1) : a.from < b.from ? -1 : 1
}

/** What the driver says, in our words: never its text, which may hold an address or a parameter. */
function storeError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const code = cause instanceof Error ? String((cause as { code?: unknown }).code ?? '') : ''
  if (code.startsWith('Neo.ClientError.Security')) {
    return new StoreError('store_auth', 'Neo4j refused the user or the password', { cause })
  }
  if (code === 'ServiceUnavailable' || code === 'SessionExpired' || code === 'N/A') {
    return new StoreError('store_unreachable', 'Neo4j cannot be reached', { cause })
  }
  return new StoreError('store_unreachable', `Neo4j did not answer as expected (${code})`, {
    cause,
  })
}
