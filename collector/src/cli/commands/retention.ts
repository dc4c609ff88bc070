import { join } from 'node:path'
import type { Command } from 'commander'
import { trustFileOf } from '../../collector.ts'
import type { Config, ConfigFlags } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { type Journal, JournalError, openJournal } from '../../journal/index.ts'
import { askForRun } from '../../retention/asking.ts'
import { takeHolds } from '../../retention/inbox.ts'
import type { Kept } from '../../retention/kept.ts'
import { previewRetention, type RetentionSettings, runRetention } from '../../retention/run.ts'
import type { LastRun } from '../../retention/state.ts'
import { givenTrust } from '../../trust/compose.ts'
import { withConfig } from '../config-options.ts'
import { createProgress, type Progress } from '../progress.ts'
import { configOfOne } from '../read-graph.ts'

interface Flags extends ConfigFlags {
  readonly days?: string
  readonly json?: boolean
}

/** What a run or a preview came to. */
type Result = Pick<LastRun, 'bodies' | 'bytes' | 'chains' | 'findings' | 'kept' | 'left' | 'before'>

const DAY = 86_400_000

/** `delegraph retention`: what is older than it has to be kept, while the collector runs or not. */
export function addRetention(program: Command): void {
  const retention = program.command('retention').description('trim evidence that is old enough')
  for (const [name, description] of [
    ['preview', 'what would go and what would stay, and why'],
    ['run', 'trim it; a collector that runs does so itself and goes on'],
  ] as const) {
    withConfig(retention.command(name).description(description))
      .option('--days <days>', 'age; retention.days of the configuration where absent')
      .option('--json', 'print as JSON')
      .action((flags: Flags) => run(flags, name))
  }
}

async function run(flags: Flags, name: 'preview' | 'run'): Promise<void> {
  const config = configOfOne(flags)
  const days = flags.days === undefined ? config.retention.days : Number(flags.days)
  if (days === undefined || !Number.isSafeInteger(days) || days < 1) {
    throw new CollectorError('config_invalid', 'retention.days: takes a number of days, or --days')
  }
  using bar = bars()
  const { result, more } = await (name === 'preview'
    ? preview(config, days, bar.at)
    : trim(config, days, bar.at))
  bar[Symbol.dispose]()
  const { bodies, bytes, chains, findings, kept, before } = result
  const json = { bodies, bytes, chains, findings, kept, before }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(json)}\n` : draw(name, result, more ?? []),
  )
}

interface Outcome {
  readonly result: Result
  /** What is still to come of it. */
  readonly more?: readonly string[]
}
type OnProgress = NonNullable<RetentionSettings['onProgress']>

async function preview(config: Config, days: number, onProgress: OnProgress): Promise<Outcome> {
  const plan = await previewRetention(settingsOf(config, days, onProgress))
  return { result: { ...plan, findings: plan.findings.length } }
}

/** By the collector that has the journal, or here where none has it. */
async function trim(config: Config, days: number, onProgress: OnProgress): Promise<Outcome> {
  await using journal = await journalOf(config)
  if (journal === undefined) {
    const last = await askForRun(config.data, days, onProgress)
    if (last.outcome === 'trimmed' || last.outcome === 'nothing') return { result: last }
    const code = last.outcome === 'refused' ? 'retention_refused' : 'unreachable'
    throw new CollectorError(code, last.message ?? 'nothing was trimmed')
  }
  const unread: unknown[] = []
  await takeHolds(config.data, journal, (error) => unread.push(error))
  // Whoever asked for it to be kept must be heard first.
  if (unread.length > 0) throw unread[0]
  const plan = await runRetention({ ...settingsOf(config, days, onProgress), journal })
  const more = [
    ...(plan.bodies > 0 ? ['the graph is made anew at the next start'] : []),
    ...(plan.left > 0 ? [`${plan.left} more bodies may go: run it again`] : []),
  ]
  return { result: { ...plan, findings: plan.findings.length }, more }
}

/** Undefined where somebody has it. */
async function journalOf(config: Config): Promise<Journal | undefined> {
  try {
    return await openJournal({ dir: join(config.data, 'journal') })
  } catch (error) {
    if (error instanceof JournalError && error.code === 'journal_locked') return undefined
    throw error
  }
}

function settingsOf(config: Config, days: number, onProgress: OnProgress): RetentionSettings {
  const { trimNotes, trimClosed } = config.retention
  return {
    ...{ data: config.data, trimNotes, trimClosed, onProgress, clock: Date.now },
    trust: givenTrust(trustFileOf(config)),
    pendingWindow: config.pendingWindow * 1000,
    before: Date.now() - days * DAY,
  }
}

/** A bar for each step. */
function bars(): { readonly at: OnProgress } & Disposable {
  let bar: Progress | undefined
  let step = ''
  return {
    at(now, done, all) {
      if (now !== step) bar?.[Symbol.dispose]()
      if (now !== step || bar === undefined) bar = createProgress(now, all)
      step = now
      bar.at(done)
    },
    [Symbol.dispose]() {
      bar?.[Symbol.dispose]()
      bar = undefined
    },
  }
}

const WORDS: Readonly<Record<Kept, string>> = {
  held: 'are under a hold',
  finding_open: 'an open finding rests on',
  finding_closed: 'a finding rests on that somebody closed',
  not_expired: 'belong to what has not expired',
  not_settled: 'belong to what is not judged to the end',
  newer_evidence: 'hang together with newer evidence',
}

function draw(
  name: 'preview' | 'run',
  { bodies, bytes, chains, findings, kept, before }: Result,
  more: readonly string[],
): string {
  const verb = name === 'run' ? 'trimmed' : 'would trim'
  const lines = [
    `${verb} ${bodies} bodies (${(bytes / 1024 ** 2).toFixed(1)} MiB), ${chains} chains, ${findings} findings, of what was received before ${new Date(before).toISOString()}`,
    ...Object.entries(kept).map(([why, count]) => `  kept: ${count} that ${WORDS[why as Kept]}`),
    ...more.map((line) => `  ${line}`),
  ]
  return `${lines.join('\n')}\n`
}
