import { inject } from 'vitest'
import type { Config } from '../../collector/src/config.ts'
import type { Neo4jAddress } from './neo4j/neo4j.ts'
import { uniqueTenant } from './own-place.ts'

/** What a configuration and an environment say of a store. */
export interface StorePlace {
  readonly store: Config['store']
  readonly env: Readonly<Record<string, string>>
}

/** A part of a Neo4j server that nobody else uses. */
export function neo4jPlace({ uri, user, password, database }: Neo4jAddress) {
  return {
    store: {
      ...{ kind: 'neo4j' as const, uri, tenant: uniqueTenant() },
      ...(user === undefined ? {} : { user }),
      ...(database === undefined ? {} : { database }),
    },
    env: (password === undefined ? {} : { NEO4J_PASSWORD: password }) as StorePlace['env'],
  }
}

/** The stores that a test runs on: SQLite, and Neo4j where there is one. */
export function storePlaces(): readonly (StorePlace & { readonly name: string })[] {
  const neo4j = inject('neo4j') ?? null
  const sqlite = { name: 'sqlite', store: { kind: 'sqlite' }, env: {} } as const
  return neo4j === null ? [sqlite] : [sqlite, { name: 'neo4j', ...neo4jPlace(neo4j) }]
}
