import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { neo4jSettings, openStoreOf } from '../../collector.ts'
import type { Config } from '../../config.ts'
import { inspectNeo4j } from '../../graph/index.ts'
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
    if (!health.ok) return [failed('graph', health.problem ?? health.engine, todo(config))]
    const indexes = config.store.kind === 'neo4j' ? [await indexCheck(config, env)] : []
    // A graph that was never made ready has nothing to compare with.
    const ready = (await store.position()) > 0
    const clocks = ready ? [await issuerClockCheck(store)] : []
    return [ok('graph', health.engine), ...indexes, ...clocks]
  } catch (error) {
    return [failed('graph', messageOf(error), todo(config))]
  }
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

function todo({ store }: Config): string {
  return store.kind === 'neo4j'
    ? 'see that the server runs, and that user, password and database are right'
    : 'move graph.sqlite away and run "delegraph rebuild": the journal is the truth'
}
