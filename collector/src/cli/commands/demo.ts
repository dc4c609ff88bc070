import { join } from 'node:path'
import type { Command } from 'commander'
import { EXAMPLE_QUERY } from '../../api/index.ts'
import { type Collector, startCollector } from '../../collector.ts'
import { type ConfigFlags, readConfig } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import type { GraphNode } from '../../graph/index.ts'
import { createLogger } from '../../operate/logger.ts'
import { withConfig, withPorts } from '../config-options.ts'
import { drawFinding } from '../draw-finding.ts'
import { findingLine } from '../finding-line.ts'
import { findingOfNode } from '../finding-of-node.ts'
import { paint } from '../paint.ts'
import { untilStopped } from '../until-stopped.ts'

/** What an example package offers; they are loaded only for the demo. */
interface Example {
  play(prepared: unknown, collector: string): Promise<unknown>
}

/** The one that makes the keys, the trust and the registry of all. */
interface FirstExample extends Example {
  prepare(dir: string): Promise<{ readonly trust: string; readonly registry: string }>
}

const FIRST: string = '@delegraph/example-approval-riding'
const SECOND: string = '@delegraph/example-guarded-server'

/** `delegraph demo`: a collector on loopback, and what real agents play to it: one incident in full, and what a guard adds. */
export function addDemo(program: Command): void {
  withPorts(withConfig(program.command('demo').description('play incidents with real agents')))
    .option('--once', 'stop after the incidents are shown')
    .option('--json', 'print the findings and where it listens as one JSON object')
    .action(async (flags: ConfigFlags & { readonly once?: boolean; readonly json?: boolean }) => {
      const [first, second] = await loadExamples()
      const read = readConfig(flags, process.env)
      const prepared = await first.prepare(join(read.data, 'demo'))
      const config = { ...read, trust: prepared.trust, registry: prepared.registry }
      const logger = createLogger(process.env['DELEGRAPH_LOG'])
      await using collector = await startCollector({ config, env: process.env, logger })
      const known = await shown(collector)
      if (known.length === 0) {
        process.stderr.write(paint('dim', 'Three agents, one person, one approval ...\n'))
        await first.play(prepared, collector.otlpUrl)
        await second.play(prepared, collector.otlpUrl)
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

async function loadExamples(): Promise<readonly [FirstExample, Example]> {
  try {
    return [(await import(FIRST)) as FirstExample, (await import(SECOND)) as Example]
  } catch (cause) {
    throw new CollectorError(
      'config_invalid',
      'the demo is played by the examples of a source checkout, which are not here',
      { cause },
    )
  }
}

/** All is played once in a data folder: a second start shows it again. */
async function shown(collector: Collector) {
  await collector.settled()
  return collector.store.page({
    kind: 'Finding',
    where: { equals: { state: ['open'] } },
    orderBy: 'at',
    direction: 'asc',
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
  // Findings know the second alone; their actions tell which came first in it.
  const placeOf = ({ columns }: GraphNode): number => {
    const place = actions.findIndex(({ key }) => key === columns['action'])
    return place === -1 ? actions.length : place
  }
  const inOrder = findings.toSorted((a, b) => placeOf(a) - placeOf(b))
  const [first, ...others] = inOrder.map(findingOfNode)
  if (first !== undefined) out(`\n${drawFinding(first)}`)
  if (others.length > 0) out(`\nAnd ${others.length} more that wake somebody:`)
  for (const other of others) out(`  ${findingLine(other)}`)
  const executed = actions.filter(({ columns }) => columns['effect'] === 'ok')
  const quiet = executed.filter(({ key }) => !findings.some((f) => f.columns['action'] === key))
  out('')
  out(
    paint(
      'dim',
      `Judged and in order: ${quiet.length} of the ${executed.length} actions that were executed, among them`,
    ),
  )
  const sentences = quiet.flatMap((action) => {
    const { kind, sentence } = JSON.parse(String(action.columns['authority'])) as {
      readonly kind: string
      readonly sentence: string
    }
    return kind === 'chain' || kind === 'approved' ? [sentence] : []
  })
  for (const sentence of new Set(sentences)) out(`  ${paint('green', 'quiet')}   ${sentence}`)
  if (actions.length > executed.length)
    out(`  ${actions.length - executed.length} more without an effect, where a guard refused`)
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
