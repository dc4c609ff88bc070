import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openStoreOf } from '../collector.ts'
import { type Config, type ConfigFlags, readConfig } from '../config.ts'
import { CollectorError } from '../errors.ts'
import { type GraphStore, isSqliteGraphCurrent } from '../graph/index.ts'
import { newestRecord } from '../journal/index.ts'

/**
 * The configuration of the one collector that a command is about.
 *
 * @throws CollectorError `config_invalid`, also where several tenants are configured and none is named
 */
export function configOfOne(flags: ConfigFlags): Config {
  const config = readConfig(flags, process.env)
  const tenants = Object.keys(config.tenants ?? {})
  if (tenants.length === 0) return config
  throw new CollectorError('config_invalid', `name a tenant with --tenant: ${tenants.join(', ')}`)
}

/**
 * The graph that a command only reads. One that is not there, or is of another version, is not made by
 * asking: an empty one would answer that nothing was found.
 *
 * @throws CollectorError `no_graph`
 */
export async function openGraphToRead(
  config: Config,
  warn: (message: string) => void = toStderr,
): Promise<GraphStore> {
  const newest = await newestRecord(join(config.data, 'journal'))
  if (config.store.kind === 'sqlite') {
    const file = join(config.data, 'graph.sqlite')
    if (!existsSync(file)) {
      const what = newest === undefined ? 'nothing' : 'a journal and no graph'
      throw noGraph(`there is ${what} in ${config.data}`)
    }
    if (!isSqliteGraphCurrent(file)) throw noGraph(`${file} is of another version`)
  }
  const store = await openStoreOf(config, process.env)
  await store.init()
  const behind = (newest?.seq ?? 0) - (await store.position())
  if (behind > 0) {
    warn(
      `the graph lacks the newest ${behind} of ${newest?.seq} journal records; they are not in what follows`,
    )
  }
  return store
}

function toStderr(message: string): void {
  process.stderr.write(`delegraph: ${message}\n`)
}

function noGraph(what: string): CollectorError {
  return new CollectorError(
    'no_graph',
    `${what}: is that the data folder? Start the collector there, or run "delegraph rebuild"`,
  )
}
