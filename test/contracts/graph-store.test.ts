import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, inject } from 'vitest'
import {
  type GraphStore,
  openNeo4jStore,
  openSqliteStore,
  openStore,
} from '../../collector/src/graph/index.ts'
import { describeGraphStore } from './graph-store.ts'
import { openMemoryStore } from './memory-store.ts'

const dir = mkdtempSync(join(tmpdir(), 'delegraph-graph-'))
const neo4j = inject('neo4j')

async function ready(store: GraphStore): Promise<GraphStore> {
  await store.init()
  return store
}

describeGraphStore('maps in memory', async () => openMemoryStore())
describeGraphStore('SQLite in a file', () =>
  ready(openStore({ kind: 'sqlite', file: join(dir, 'graph.sqlite') })),
)
describeGraphStore('SQLite in memory', () => ready(openSqliteStore({ file: ':memory:' })))
if (neo4j !== null) {
  describeGraphStore('Neo4j', () =>
    ready(openNeo4jStore({ ...neo4j, tenant: `contract-${crypto.randomUUID()}` })),
  )
}

afterAll(() => rmSync(dir, { recursive: true, force: true }))
