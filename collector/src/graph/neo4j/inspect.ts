import { neo4jMigrations } from '../migrations.ts'
import { Neo4jConnection, type Neo4jSettings } from './connection.ts'

export interface Neo4jInspection {
  /** `Neo4j 5.26.30`. */
  readonly engine: string
  /** Indexes and constraints that a collector would make at its start. */
  readonly missing: readonly string[]
  /** Indexes that are there and do not serve: still being filled, or failed. */
  readonly offline: readonly string[]
}

const INDEXES =
  "SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'delegraph_' RETURN name, state"

/** Looks at a server and changes nothing. @throws StoreError */
export async function inspectNeo4j(settings: Neo4jSettings): Promise<Neo4jInspection> {
  await using connection = new Neo4jConnection(settings)
  const engine = await connection.engine()
  const rows = await connection.read(INDEXES, {})
  const states = new Map(rows.map((row) => [String(row['name']), String(row['state'])]))
  const wanted = neo4jMigrations()
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => /^CREATE (?:CONSTRAINT|INDEX) (\w+)/.exec(statement)?.[1] ?? [])
  return {
    engine,
    missing: wanted.filter((name) => !states.has(name)),
    offline: [...states].flatMap(([name, state]) => (state === 'ONLINE' ? [] : name)),
  }
}
