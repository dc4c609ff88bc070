// npm run eval -- FILE [--json] [--store sqlite|neo4j] [--shuffle SEED] [--strip-signatures]
import { parseArgs } from 'node:util'
import type { Config } from '../../collector/src/config.ts'
import { startNeo4j } from '../harness/neo4j/neo4j.ts'
import { uniqueTenant } from '../harness/own-place.ts'
import { evaluate, NoFile } from './evaluate.ts'
import { FormatError } from './format.ts'
import { printed } from './print.ts'
import type { RunOptions } from './run.ts'

const USAGE =
  'usage: npm run eval -- FILE [--json] [--store sqlite|neo4j] [--shuffle SEED] [--strip-signatures]'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    store: { type: 'string', default: 'sqlite' },
    shuffle: { type: 'string' },
    'strip-signatures': { type: 'boolean', default: false },
  },
})

async function main(): Promise<number> {
  const [file] = positionals
  const seed = values.shuffle === undefined ? undefined : Number(values.shuffle)
  const known = values.store === 'sqlite' || values.store === 'neo4j'
  if (file === undefined || !known || (seed !== undefined && !Number.isSafeInteger(seed))) {
    console.error(USAGE)
    return 2
  }
  const place = values.store === 'neo4j' ? await neo4jPlace() : SQLITE
  if ('skipped' in place) {
    console.error(place.skipped)
    return 2
  }
  try {
    const result = await evaluate(file, {
      ...{ store: place.store, env: place.env },
      stripSignatures: values['strip-signatures'],
      ...(seed === undefined ? {} : { shuffle: seed }),
    })
    console.log(values.json ? JSON.stringify(result) : printed(result))
    return 0
  } catch (error) {
    if (!(error instanceof NoFile) && !(error instanceof FormatError)) throw error
    console.error(error.message)
    return 2
  } finally {
    await place.stop()
  }
}

interface Place extends Pick<RunOptions, 'store'> {
  readonly env: Readonly<Record<string, string | undefined>>
  stop(): Promise<void>
}

const SQLITE: Place = { store: { kind: 'sqlite' }, env: {}, stop: async () => {} }

/** `NEO4J_URI`, or the server that the tests start. */
async function neo4jPlace(): Promise<Place | { readonly skipped: string }> {
  const server = await startNeo4j()
  if ('skipped' in server) return server
  const { uri, user, database, password } = server.address
  const store: Config['store'] = {
    ...{ kind: 'neo4j', uri, tenant: uniqueTenant() },
    ...(user === undefined ? {} : { user }),
    ...(database === undefined ? {} : { database }),
  }
  const env = password === undefined ? {} : { NEO4J_PASSWORD: password }
  return { store, env, stop: () => server.stop() }
}

process.exitCode = await main()
