import { join } from 'node:path'
import { z } from 'zod'
import { channelList, shortWebhook } from '../alerts/channel-settings.ts'
import type { Config } from '../config.ts'
import { CollectorError } from '../errors.ts'

/** What tenants do not share: whom they trust, who owns their agents, whom they alert. */
const tenant = z.strictObject({
  trust: z.string().min(1).optional(),
  registry: z.string().min(1).optional(),
  channels: channelList,
  webhook: shortWebhook.optional(),
})

/** A name is part of a path and of a key. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'takes small letters, digits and dashes, at most 63')

/** By name. Each has a journal and a graph of its own. */
export const tenantSettings = z.record(name, tenant)

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
    data: join(config.data, 'tenants', tenant),
    store: { ...store, ...part },
  }
}

/** No name has a slash, so two pairs never give one key. */
function joined(database: string | undefined, tenant: string): string {
  return database === undefined ? tenant : `${database}/${tenant}`
}
