export type { Migration } from './migration.ts'
export { neo4jMigrations } from './neo4j.ts'
export { sqliteMigrations } from './sqlite.ts'
