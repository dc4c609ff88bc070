import type { Command } from 'commander'
import type { ConfigFlags } from '../../config.ts'
import { SEVERITY_NAMES, severityLevel } from '../../findings/severity-names.ts'
import type { CommandContext } from '../command-context.ts'
import { withConfig } from '../config-options.ts'
import { drawFinding } from '../draw-finding.ts'
import { EXIT } from '../exit-codes.ts'
import { findingLine } from '../finding-line.ts'
import { findingOfNode } from '../finding-of-node.ts'
import { paint } from '../paint.ts'
import { configOfOne, openGraphToRead } from '../read-graph.ts'
import { addTriage } from './triage.ts'

interface Flags extends ConfigFlags {
  readonly json?: boolean
  readonly rule?: string
  readonly limit: string
  readonly failOn?: string
  readonly full?: boolean
  readonly all?: boolean
}

/** `delegraph findings`: what is in the graph, what wakes somebody first. */
export function addFindings(program: Command, context: CommandContext): void {
  const findings = program
    .command('findings')
    .description('list findings, what wakes somebody first; or say where you stand with some')
  addTriage(findings, context)
  const list = findings.command('list').description('the same as without a word')
  for (const command of [findings, list]) {
    // What stands before the word counts too: commander gives it to the command above.
    withListing(command).action(() => listFindings(command.optsWithGlobals<Flags>(), context))
  }
}

function withListing(command: Command): Command {
  return withConfig(command)
    .option('--rule <id>', 'only this rule, for example D1')
    .option('--limit <n>', 'how many at most', '50')
    .option('--all', 'also what is closed, accepted or suppressed')
    .option('--full', 'draw each one')
    .option(
      '--fail-on <level>',
      'exit with 4 if one is informational, low, medium, high or critical',
    )
    .option('--json', 'print as JSON')
}

async function listFindings(flags: Flags, context: CommandContext): Promise<void> {
  const limit = Number(flags.limit)
  const failOn = flags.failOn === undefined ? undefined : severityLevel(flags.failOn)
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw usage('--limit takes a whole number from 1 to 10000')
  }
  if (flags.failOn !== undefined && failOn === undefined) {
    throw usage(`--fail-on takes one of ${SEVERITY_NAMES.join(', ')}`)
  }
  await using store = await openGraphToRead(configOfOne(flags))
  const equals = {
    state: ['open'],
    ...(flags.rule === undefined ? {} : { rule: [flags.rule] }),
  }
  // What people put aside is neither listed nor a reason to fail.
  const asking = { triage: ['new', 'acknowledged', 'in_progress'], suppressed: [false] }
  const nodes = await store.page({
    kind: 'Finding',
    where: { equals: flags.all === true ? equals : { ...equals, ...asking } },
    orderBy: 'urgency',
    direction: 'desc',
    limit,
  })
  const found = nodes.map(findingOfNode)
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  } else if (found.length === 0) {
    process.stdout.write('no open findings\n')
  } else {
    for (const finding of found) {
      process.stdout.write(
        flags.full === true
          ? `${drawFinding(finding)}\n\n`
          : `${findingLine(finding)}  ${paint('dim', finding.id)}\n`,
      )
    }
  }
  if (failOn !== undefined && found.some((finding) => finding.severity >= failOn)) {
    context.exitCode = EXIT.findings
  }
}

function usage(message: string): Error {
  return Object.assign(new Error(message), { code: 'config_invalid' })
}
