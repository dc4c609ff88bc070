import { type Neo4jSettings, openNeo4jStore } from './neo4j/neo4j-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { GraphStore } from './store.ts'

export type StoreSettings =
  | { readonly kind: 'sqlite'; readonly file: string }
  | ({ readonly kind: 'neo4j' } & Neo4jSettings)

/** Opens the graph that the settings name. `init` makes it ready for use. */
export function openStore(settings: StoreSettings): GraphStore {
  return settings.kind === 'sqlite' ? openSqliteStore(settings) : openNeo4jStore(settings)
}
