import { join } from 'node:path'
import type { Command } from 'commander'
import { trustFileOf } from '../../collector.ts'
import { type ConfigFlags, readConfig } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { openJournal } from '../../journal/index.ts'
import { takeHolds } from '../../retention/inbox.ts'
import type { Kept, Plan } from '../../retention/plan.ts'
import { previewRetention, type RetentionSettings, runRetention } from '../../retention/run.ts'
import { givenTrust } from '../../trust/compose.ts'
import { withConfig } from '../config-options.ts'
import { createProgress, type Progress } from '../progress.ts'

interface Flags extends ConfigFlags {
  readonly days?: string
  readonly json?: boolean
}

const DAY = 86_400_000

/** `delegraph retention`: what is older than it has to be kept. Both want the collector stopped. */
export function addRetention(program: Command): void {
  const retention = program.command('retention').description('trim evidence that is old enough')
  for (const [name, description, work] of [
    ['preview', 'what would go and what would stay, and why', previewRetention],
    ['run', 'trim it; the graph is made anew at the next start', runRetention],
  ] as const) {
    withConfig(retention.command(name).description(`${description}; stop the collector first`))
      .option('--days <days>', 'age; retention.days of the configuration where absent')
      .option('--json', 'print as JSON')
      .action((flags: Flags) => run(flags, name, work))
  }
}

async function run(
  flags: Flags,
  name: 'preview' | 'run',
  work: (settings: RetentionSettings) => Promise<Plan>,
): Promise<void> {
  const config = readConfig(flags, process.env)
  const days = flags.days === undefined ? config.retention.days : Number(flags.days)
  if (days === undefined || !Number.isSafeInteger(days) || days < 1) {
    throw new CollectorError('config_invalid', 'retention.days: takes a number of days, or --days')
  }
  await using journal = await openJournal({ dir: join(config.data, 'journal') })
  const unread: unknown[] = []
  await takeHolds(config.data, journal, (error) => unread.push(error))
  // Whoever asked for it to be kept must be heard first.
  if (unread.length > 0) throw unread[0]
  let bar: Progress | undefined
  let label = ''
  const plan = await work({
    journal,
    data: config.data,
    trust: givenTrust(trustFileOf(config)),
    pendingWindow: config.pendingWindow * 1000,
    before: Date.now() - days * DAY,
    trimNotes: config.retention.trimNotes,
    clock: Date.now,
    onProgress(now, done, all) {
      if (now !== label) bar?.[Symbol.dispose]()
      if (now !== label || bar === undefined) bar = createProgress(`judging (${now})`, all)
      label = now
      bar.at(done)
    },
  })
  bar?.[Symbol.dispose]()
  const { bodies, bytes, chains, kept, record } = plan
  const result = {
    bodies,
    bytes,
    chains,
    findings: record.findings.length,
    kept,
    before: record.before,
  }
  process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : draw(name, plan))
}

const WORDS: Readonly<Record<Kept, string>> = {
  held: 'are under a hold',
  finding_open: 'an open finding rests on',
  not_expired: 'belong to what has not expired',
  not_settled: 'belong to what is not judged to the end',
  newer_evidence: 'hang together with newer evidence',
}

function draw(name: 'preview' | 'run', { bodies, bytes, chains, kept, record }: Plan): string {
  const verb = name === 'run' ? 'trimmed' : 'would trim'
  const lines = [
    `${verb} ${bodies} bodies (${(bytes / 1024 ** 2).toFixed(1)} MiB), ${chains} chains, ${record.findings.length} withdrawn findings received before ${new Date(record.before).toISOString()}`,
    ...Object.entries(kept).map(([why, count]) => `  kept: ${count} that ${WORDS[why as Kept]}`),
    ...(name === 'run' && bodies > 0 ? ['  the graph is made anew at the next start'] : []),
  ]
  return `${lines.join('\n')}\n`
}
