import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import {
  type GraphStore,
  openNeo4jStore,
  openSqliteStore,
} from '../../collector/src/graph/index.ts'
import { memoryStore } from './memory-store.ts'

export interface StoreUnderTest {
  readonly name: string
  /** An empty graph of its own, initialised. */
  open(): Promise<GraphStore>
}

/** SQLite, the real Neo4j where this run has one, and the maps that both are compared with. */
export function storesUnderTest(): StoreUnderTest[] {
  const neo4j = inject('neo4j')
  return [
    { name: 'memory', open: async () => memoryStore() },
    { name: 'sqlite', open: () => initialised(openSqliteStore({ file: ':memory:' })) },
    ...(neo4j === null
      ? []
      : [
          {
            name: 'neo4j',
            open: () => initialised(openNeo4jStore({ ...neo4j, tenant: uniqueTenant() })),
          },
        ]),
  ]
}

async function initialised(store: GraphStore): Promise<GraphStore> {
  await store.init()
  return store
}

let count = 0

/** Keeps the graphs of one run apart in one database. */
export function uniqueTenant(): string {
  count += 1
  return `test-${process.pid}-${Date.now()}-${count}`
}

/** A folder that is removed when the test is over. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'delegraph-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
