import { join } from 'node:path'
import type { Command } from 'commander'
import { parseInstant } from '../../api/instants.ts'
import { trustFileOf } from '../../collector.ts'
import type { Config, ConfigFlags } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import type { GraphStore } from '../../graph/index.ts'
import { newestTrimTime, readJournal } from '../../journal/index.ts'
import { type Asking, openAsking } from '../../questions/asking.ts'
import { createPast } from '../../questions/past.ts'
import { givenTrust } from '../../trust/compose.ts'
import { createZones } from '../../zones/zones.ts'
import { withConfig } from '../config-options.ts'
import { configOfOne, openGraphToRead } from '../read-graph.ts'

/** What every question takes. */
export interface AskFlags extends ConfigFlags {
  readonly json?: boolean
  readonly asOf?: string
  readonly validAt?: string
  readonly limit: string
}

export const MAX_ROWS = 1_000

export function withTimes(command: Command): Command {
  return withConfig(command)
    .option('--as-of <instant>', 'as it was known then: the journal up to there is replayed')
    .option('--valid-at <instant>', 'what was in force, and had happened, then')
    .option('--limit <n>', 'rows that are printed at most', '20')
    .option('--json', 'print as JSON, all of it')
}

/** Opens the graph that a question is about, of now or of then, for as long as it is asked. */
export async function inGraph<Answer>(
  flags: AskFlags,
  ask: (asking: Asking) => Promise<Answer>,
): Promise<Answer> {
  const config = configOfOne(flags)
  const now = Date.now()
  const known = instantIn(flags.asOf, '--as-of')
  const validAt = instantIn(flags.validAt, '--valid-at') ?? known ?? now
  const pendingWindow = config.pendingWindow * 1000
  await using store =
    known === undefined ? await openGraphToRead(config) : await pastStore(known, config)
  const zones = createZones(config.zones)
  const about = { validAt, knownAt: known ?? now, pendingWindow, zones }
  return await ask(await openAsking(store, about))
}

/** @throws CollectorError `config_invalid` where the journal is too large to be replayed for a question */
async function pastStore(knownAt: number, config: Config): Promise<GraphStore> {
  if (knownAt > Date.now()) throw usage('--as-of takes an instant in the past')
  const folder = join(config.data, 'journal')
  const past = createPast({
    records: () => readJournal(folder),
    trimmedAt: () => newestTrimTime(folder),
    trust: givenTrust(trustFileOf(config)),
    pendingWindow: config.pendingWindow * 1000,
  })
  const then = await past(knownAt)
  if ('refused' in then) throw usage(`--as-of cannot be answered: ${then.refused}`)
  return then.store
}

export function numberIn(text: string, flag: string, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw usage(`${flag} takes a whole number from 1 to ${most}`)
  return value
}

export function instantIn(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  const instant = parseInstant(text)
  if (instant === undefined) throw usage(`${flag} takes an instant such as 2026-11-24T10:04:52Z`)
  return instant
}

export function usage(message: string): CollectorError {
  return new CollectorError('config_invalid', message)
}
