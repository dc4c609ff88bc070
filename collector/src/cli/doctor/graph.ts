import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { neo4jSettings, openStoreOf } from '../../collector.ts'
import type { Config } from '../../config.ts'
import { inspectNeo4j } from '../../graph/index.ts'
import { newestRecord } from '../../journal/index.ts'
import { type Check, failed, messageOf, ok, warning } from './check.ts'
import { issuerClockCheck } from './clock.ts'

/** Whether the graph can be reached and written, and what its server lacks. */
export async function graphChecks(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  if (config.store.kind === 'sqlite' && !existsSync(join(config.data, 'graph.sqlite'))) {
    return [ok('graph', 'SQLite, made at the first start')]
  }
  try {
    await using store = await openStoreOf(config, env)
    const health = await store.health()
    if (!health.ok) return [failed('graph', health.problem ?? health.engine, todo(config, env))]
    const indexes = config.store.kind === 'neo4j' ? [await indexCheck(config, env)] : []
    // A graph that was never made ready has nothing to compare with.
    const position = await store.position()
    const clocks = position > 0 ? [await issuerClockCheck(store)] : []
    return [await followCheck(config.data, position, health.engine), ...indexes, ...clocks]
  } catch (error) {
    return [failed('graph', messageOf(error), todo(config, env))]
  }
}

/** Whether the graph can follow the journal that is here. */
async function followCheck(data: string, position: number, engine: string): Promise<Check> {
  // Where it cannot be read, the check of the journal says so.
  const newest = await newestRecord(join(data, 'journal')).then(
    (record) => record?.seq ?? 0,
    () => position,
  )
  if (position <= newest) return ok('graph', engine)
  return failed(
    'graph',
    `${engine}; it has ${position} journal records and the journal only ${newest}`,
    'another journal, or its newest records are damaged: use the right one, or run "delegraph rebuild"',
  )
}

async function indexCheck(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check> {
  const { missing, offline } = await inspectNeo4j(neo4jSettings(config, env))
  if (offline.length > 0) {
    const says = `${offline.length} indexes do not serve: ${offline.slice(0, 3).join(', ')}`
    return failed('indexes', says, 'SHOW INDEXES in Neo4j says why; drop them and start again')
  }
  if (missing.length > 0) {
    const says = `${missing.length} indexes and constraints are not there yet`
    return warning('indexes', says, 'a collector makes them when it starts; until then it is slow')
  }
  return ok('indexes', 'all are online')
}

function todo({ store }: Config, env: Readonly<Record<string, string | undefined>>): string {
  const isOpen = store.kind === 'neo4j' && store.user !== undefined
  if (isOpen && store.passwordFile === undefined && env['NEO4J_PASSWORD'] === undefined)
    return 'no password was given: NEO4J_PASSWORD, or a file in store.passwordFile'
  return store.kind === 'neo4j'
    ? 'see that the server runs, and that user, password and database are right'
    : 'move graph.sqlite away and run "delegraph rebuild": the journal is the truth'
}
