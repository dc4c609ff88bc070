import type { ChannelSettings } from './alerts/channel-settings.ts'
import { readSecret } from './config/files.ts'
import type { Config } from './config/sections.ts'
import type { Environment } from './config/sources.ts'
import { CollectorError } from './errors.ts'

export { readSecret, readText } from './config/files.ts'
export { type ExplainedValue, explainConfig, readConfig } from './config/read.ts'
export type { Config } from './config/sections.ts'
export type { ConfigFlags } from './config/sources.ts'

/** Where alerts go: the channels, and the short form as one of them. @throws CollectorError `config_invalid` */
export function channelSettings(config: Config): ChannelSettings[] {
  if (config.webhook === undefined) return config.channels
  if (config.channels.some(({ name }) => name === 'webhook')) {
    throw new CollectorError(
      'config_invalid',
      'webhook: a channel has this name too; keep one of them',
    )
  }
  const { url, secretFile } = config.webhook
  const short: ChannelSettings = {
    ...{ name: 'webhook', kind: 'webhook', match: {}, groupBy: 'fingerprint', proof: 'hash' },
    url,
    secretFile,
  }
  return [short, ...config.channels]
}

/** The Neo4j password: from the environment, or the file that the configuration names. */
export function neo4jPassword(config: Config, env: Environment): string | undefined {
  if (env['NEO4J_PASSWORD'] !== undefined) return env['NEO4J_PASSWORD']
  if (config.store.kind !== 'neo4j' || config.store.passwordFile === undefined) return undefined
  return readSecret(config.store.passwordFile)
}
