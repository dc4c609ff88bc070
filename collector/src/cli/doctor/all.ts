import type { Config } from '../../config.ts'
import { configOfTenant } from '../../tenants/tenant-config.ts'
import { channelChecks } from './channels.ts'
import { type Check, failed, messageOf } from './check.ts'
import { journalClockCheck } from './clock.ts'
import { dataChecks } from './data.ts'
import { graphChecks } from './graph.ts'
import { journalCheck } from './journal.ts'
import { loginChecks } from './login.ts'
import { environmentCheck, nodeCheck } from './node.ts'
import { portChecks } from './ports.ts'
import { retentionCheck } from './retention.ts'
import { trustChecks } from './trust.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Everything around a collector, or around those of all tenants, each by its name. */
export async function allChecks(config: Config, env: Env, now: number): Promise<Check[]> {
  const tenants = Object.keys(config.tenants ?? {})
  const own =
    tenants.length === 0
      ? await collectorChecks(config, env, now)
      : [
          ...(await dataChecks(config.data)),
          ...(
            await Promise.all(tenants.map((name) => tenantChecks(config, name, env, now)))
          ).flat(),
        ]
  return [
    nodeCheck(process.version),
    environmentCheck(env, config),
    ...own,
    ...(await loginChecks(config, env)),
    ...(await portChecks(config, env)),
  ]
}

async function tenantChecks(
  config: Config,
  tenant: string,
  env: Env,
  now: number,
): Promise<Check[]> {
  try {
    const checks = await collectorChecks(configOfTenant(config, tenant), env, now)
    return checks.map((check) => ({ ...check, tenant }))
  } catch (error) {
    // What is wrong with one says nothing of the others.
    return [{ ...failed('tenant', messageOf(error), 'correct its configuration'), tenant }]
  }
}

async function collectorChecks(config: Config, env: Env, now: number): Promise<Check[]> {
  return [
    ...(await dataChecks(config.data)),
    await journalCheck(config.data),
    await journalClockCheck(config.data, now),
    await retentionCheck(config, now),
    ...(await graphChecks(config, env)),
    ...(await trustChecks(config, now)),
    ...(await channelChecks(config)),
  ]
}
