import { join } from 'node:path'
import type { Command } from 'commander'
import { EXAMPLE_QUERY } from '../../api/index.ts'
import { type Collector, startCollector } from '../../collector.ts'
import { type ConfigFlags, readConfig } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { createLogger } from '../../operate/logger.ts'
import { withConfig, withPorts } from '../config-options.ts'
import { drawFinding } from '../draw-finding.ts'
import { findingOfNode } from '../finding-of-node.ts'
import { paint } from '../paint.ts'
import { untilStopped } from '../until-stopped.ts'

/** What the example package offers; it is loaded only for the demo. */
interface Example {
  prepare(dir: string): Promise<{ readonly trust: string; readonly registry: string }>
  play(prepared: unknown, collector: string): Promise<readonly Told[]>
}

interface Told {
  readonly name: string
  readonly chain: string
}

const EXAMPLE: string = '@delegraph/example-approval-riding'

/** `delegraph demo`: a collector on loopback, and one incident played by real agents. */
export function addDemo(program: Command): void {
  withPorts(withConfig(program.command('demo').description('play one incident with real agents')))
    .option('--once', 'stop after the incident is shown')
    .option('--json', 'print the findings and where it listens as one JSON object')
    .action(async (flags: ConfigFlags & { readonly once?: boolean; readonly json?: boolean }) => {
      const example = await loadExample()
      const first = readConfig(flags, process.env)
      const prepared = await example.prepare(join(first.data, 'demo'))
      const config = { ...first, trust: prepared.trust, registry: prepared.registry }
      const logger = createLogger(process.env['DELEGRAPH_LOG'])
      await using collector = await startCollector({ config, env: process.env, logger })
      const known = await shown(collector)
      if (known.length === 0) {
        process.stderr.write(paint('dim', 'Three agents, one person, one approval ...\n'))
        await example.play(prepared, collector.otlpUrl)
        await collector.settled()
      }
      if (flags.json === true) await printJson(collector)
      else await print(collector, known.length > 0)
      if (flags.once === true) return
      const stopped = untilStopped()
      process.stderr.write(paint('dim', '\nIt stays up. Stop it with Ctrl+C.\n'))
      await stopped
    })
}

async function loadExample(): Promise<Example> {
  try {
    return (await import(EXAMPLE)) as Example
  } catch (cause) {
    throw new CollectorError(
      'config_invalid',
      'the demo is played by the examples of a source checkout, which are not here',
      { cause },
    )
  }
}

/** The incident is played once in a data folder: a second start shows it again. */
async function shown(collector: Collector) {
  await collector.settled()
  return collector.store.page({
    kind: 'Finding',
    where: { equals: { state: ['open'] } },
    orderBy: 'severity',
    direction: 'desc',
    limit: 20,
  })
}

async function printJson(collector: Collector): Promise<void> {
  const findings = (await shown(collector)).map(findingOfNode)
  const { graphqlUrl: graphql, otlpUrl: otlp, consoleUrl: console } = collector
  process.stdout.write(`${JSON.stringify({ findings, graphql, otlp, console })}\n`)
}

async function print(collector: Collector, again: boolean): Promise<void> {
  const open = await shown(collector)
  const findings = open.filter((node) => node.columns['pages'] === true)
  const notes = open.length - findings.length
  const actions = await collector.store.page({
    kind: 'Action',
    where: {},
    orderBy: 'at',
    direction: 'asc',
    limit: 100,
  })
  const out = (text: string): void => void process.stdout.write(`${text}\n`)
  if (again) out(paint('dim', 'Played at an earlier start; shown again from the graph.'))
  for (const node of findings) out(`\n${drawFinding(findingOfNode(node))}`)
  const quiet = actions.filter(
    (action) => !findings.some((f) => f.columns['action'] === action.key),
  )
  out('')
  out(paint('dim', `Judged and in order: ${quiet.length} of ${actions.length} actions, among them`))
  for (const action of quiet) {
    const { kind, sentence } = JSON.parse(String(action.columns['authority'])) as {
      readonly kind: string
      readonly sentence: string
    }
    if (kind === 'chain' || kind === 'approved') {
      out(`  ${paint('green', 'quiet')}   ${sentence}`)
    }
  }
  if (notes > 0) {
    out(
      `  ${notes} notes that wake nobody, as where no decision is recorded: npm run delegraph -- findings`,
    )
  }
  out('')
  if (collector.consoleUrl !== undefined) {
    out(`${paint('bold', 'Console')}  ${collector.consoleUrl}`)
  }
  out(`${paint('bold', 'GraphQL')}  ${collector.graphqlUrl}`)
  out(`${paint('bold', 'OTLP')}     ${collector.otlpUrl}`)
  out('')
  out('Ask it yourself:')
  out(curl(collector.graphqlUrl))
}

function curl(url: string): string {
  const body = JSON.stringify({ query: EXAMPLE_QUERY })
  return `  curl -s ${url} -H 'content-type: application/json' -d '${body}'`
}
