import { createHash } from 'node:crypto'
import {
  type Migration,
  neo4jMigrations,
  sqliteMigrations,
} from '@delegraph/graph-schema/migrations'

/** What a store records of a migration that it applied: SHA-256 of its statements, hex. */
export function migrationDigest({ statements }: Migration): string {
  return createHash('sha256').update(JSON.stringify(statements)).digest('hex')
}

export { type Migration, neo4jMigrations, sqliteMigrations }
