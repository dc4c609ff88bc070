import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import type { Played } from './batch.ts'
import type { RunOptions } from './run.ts'
import { HEARD_AT } from './world.ts'

export interface StartedFor extends AsyncDisposable {
  readonly collector: Collector
  readonly config: Config
}

/** A collector that knows the trust and the registry of played cases, and has heard nothing of them yet. */
export async function startFor(
  { registry: text, world }: Pick<Played, 'registry' | 'world'>,
  { store, env = {} }: Pick<RunOptions, 'store' | 'env'> = { store: { kind: 'sqlite' } },
  logger: Logger = pino({ level: 'silent' }),
): Promise<StartedFor> {
  await using stack = new AsyncDisposableStack()
  const { path: data } = stack.use(temporaryFolder())
  const registry = join(data, 'registry.jws')
  writeFileSync(registry, text)
  const config = { ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}), registry, store }
  const collector = stack.use(
    await startCollector({ config, env, trust: world.trust, clock: () => HEARD_AT, logger }),
  )
  const owned = stack.move()
  return { collector, config, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
