export { neo4jMigrations } from './neo4j.js'
export { sqliteMigrations } from './sqlite.js'
//# sourceMappingURL=index.js.map
