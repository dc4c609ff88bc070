import type { Migration } from './migration.ts'
/**
 * Tables and indexes of a graph in SQLite, in order: a table for each node kind, one for all
 * relationships, and `meta` for the journal position. Absent columns are NULL and in no index. Node
 * tables keep their rowid: their rows are wide, and each index would repeat the whole key.
 */
export declare function sqliteMigrations(): readonly Migration[]
