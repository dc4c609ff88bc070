import type { Migration } from './migration.ts'
/**
 * Constraints and indexes of a graph in Neo4j 5, in order. Every node carries `tenant`, so that one
 * database can hold several graphs, and `uid`, its key under one name; the two together are unique,
 * and no MERGE is without that constraint. Community edition has all that is used here.
 */
export declare function neo4jMigrations(): readonly Migration[]
