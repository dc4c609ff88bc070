import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Prepared, play, prepare } from '@delegraph/example-approval-riding'
import { play as playGuarded } from '@delegraph/example-guarded-server'
import { pino } from 'pino'
import { type Collector, startCollector } from '../../../collector/src/collector.ts'
import { type Config, readConfig } from '../../../collector/src/config.ts'
import { temporaryFolder } from '../../harness/own-place.ts'
import type { StorePlace } from '../../harness/stores.ts'

const BUILD = fileURLToPath(new URL('../../../scripts/console.mjs', import.meta.url))

/** Builds the console where its sources changed, as `npm start` does. */
export function buildConsole(): void {
  const { status, stderr } = spawnSync(process.execPath, [BUILD], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the console was not built: ${stderr}`)
}

export interface Served extends AsyncDisposable {
  readonly collector: Collector
  /** Without a slash at the end. */
  readonly url: string
  readonly keys: Prepared['keys']
  /** The trust file's text, as a reader would have it from elsewhere. */
  readonly trust: string
  /** Plays the demo's incident, once more where it was played before. */
  play(): Promise<void>
  /** Plays what comes after it: the same server behind a guard. */
  playGuarded(): Promise<void>
  ask<Data>(query: string): Promise<Data>
}

/** A whole collector with its console on free ports, and with the demo's incident where asked for. */
export async function serve(options: {
  readonly incident: boolean
  /** SQLite where absent. */
  readonly place?: StorePlace
  /** What else the configuration says. */
  readonly config?: Partial<Config>
}): Promise<Served> {
  buildConsole()
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder())
  const prepared = await prepare(join(folder.path, 'demo'))
  const { trust, registry } = prepared
  const { store, env } = options.place ?? { store: { kind: 'sqlite' }, env: {} }
  const own = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
  const config = { ...own, ...options.config, trust, registry, store }
  const logger = pino({ level: 'silent' })
  const collector = stack.use(await startCollector({ config, env, logger }))
  const playIncident = async (): Promise<void> => {
    await play(prepared, collector.otlpUrl)
    await collector.settled()
  }
  if (options.incident) await playIncident()
  const owned = stack.move()
  const { consoleUrl = '' } = collector
  return {
    collector,
    url: consoleUrl.replace(/\/$/, ''),
    keys: prepared.keys,
    play: playIncident,
    async playGuarded() {
      await playGuarded(prepared, collector.otlpUrl)
      await collector.settled()
    },
    trust: readFileSync(trust, 'utf8'),
    async ask<Data>(query: string) {
      const response = await fetch(collector.graphqlUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      const { data } = (await response.json()) as { data: Data }
      return data
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The incident's finding that wakes somebody, by what a screen is opened with. */
export interface Incident {
  readonly finding: string
  readonly chain: string
  readonly action: string
  readonly leaf: string
}

export async function incidentOf({ ask }: Served): Promise<Incident> {
  const { findings } = await ask<{
    findings: {
      nodes: {
        id: string
        chain: { id: string }
        action: { id: string; link: { hash: string } }
      }[]
    }
  }>(
    '{ findings(first: 1, where: { rule: ["D1"] }) { ... on FindingConnection { nodes { id chain { id } action { id link { hash } } } } } }',
  )
  const [node] = findings.nodes
  if (node === undefined) throw new Error('the incident was not found')
  return {
    finding: node.id,
    chain: node.chain.id,
    action: node.action.id,
    leaf: node.action.link.hash,
  }
}
