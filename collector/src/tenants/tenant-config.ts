import { join } from 'node:path'
import type { Config } from '../config/sections.ts'
import { CollectorError } from '../errors.ts'

/**
 * The configuration of one tenant: its own folder, its own part of a Neo4j database, its own trust.
 *
 * @throws CollectorError `config_invalid`
 */
export function configOfTenant(config: Config, tenant: string): Config {
  const { tenants, trust: _, registry: __, webhook: ___, store, ...shared } = config
  const own = tenants !== undefined && Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined
  if (own === undefined) {
    const known = Object.keys(tenants ?? {}).join(', ') || 'none is configured'
    throw new CollectorError('config_invalid', `no tenant ${tenant}: ${known}`)
  }
  const part = store.kind === 'neo4j' ? { tenant: joined(store.tenant, tenant) } : {}
  return {
    ...shared,
    ...own,
    zones: own.zones ?? shared.zones,
    traceLinks: own.traceLinks ?? shared.traceLinks,
    data: join(config.data, 'tenants', tenant),
    store: { ...store, ...part },
  }
}

/** No name has a slash, so two pairs never give one key. */
function joined(database: string | undefined, tenant: string): string {
  return database === undefined ? tenant : `${database}/${tenant}`
}
