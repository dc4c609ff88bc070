export { StoreError, type StoreErrorCode } from './errors.ts'
export { inspectNeo4j, type Neo4jInspection } from './neo4j/inspect.ts'
export { type Neo4jSettings, openNeo4jStore } from './neo4j/neo4j-store.ts'
export { openStore, type StoreSettings } from './open-store.ts'
export { pagesOf } from './pages.ts'
export { isSqliteGraphCurrent } from './sqlite/sqlite-file.ts'
export { openSqliteStore } from './sqlite/sqlite-store.ts'
export type {
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
  StoreQuestion,
} from './store.ts'
