import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import { type Logger, pino } from 'pino'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from './own-place.ts'

export interface DemoCollector extends AsyncDisposable {
  readonly collector: Collector
  readonly config: Config
  /** Its data folder. */
  readonly folder: string
}

/** A real collector on free loopback ports that the incident of `npm start` was played to. */
export async function demoCollector(
  more: Partial<Config> = {},
  around: {
    readonly logger?: Logger
    readonly env?: Readonly<Record<string, string>>
    readonly clock?: () => number
  } = {},
): Promise<DemoCollector> {
  const { logger = pino({ level: 'silent' }), env = {}, clock = Date.now } = around
  await using cleanup = new AsyncDisposableStack()
  const folder = cleanup.use(temporaryFolder())
  const prepared = await prepare(join(folder.path, 'demo'))
  const { trust, registry } = prepared
  withSource(trust)
  const own = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
  const config = { ...own, trust, registry, ...more }
  const collector = cleanup.use(await startCollector({ config, env, logger, clock }))
  await play(prepared, collector.otlpUrl)
  await collector.settled()
  const owned = cleanup.move()
  return {
    collector,
    config,
    folder: folder.path,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** One more approver, whose keys are found in a file: so that there is a source to be asked. */
function withSource(trust: string): void {
  const { publicKey } = generateKeyPairSync('ed25519')
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'approver-1', use: 'sig' }
  writeFileSync(join(trust, '../approvers.jwks'), JSON.stringify({ keys: [key] }))
  const file = JSON.parse(readFileSync(trust, 'utf8')) as { readonly approvers: readonly unknown[] }
  const sourced = { iss: 'https://approvals.example.com', source: { jwks_file: 'approvers.jwks' } }
  writeFileSync(trust, JSON.stringify({ ...file, approvers: [...file.approvers, sourced] }))
}
