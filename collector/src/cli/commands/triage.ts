import type { Command } from 'commander'
import type { ConfigFlags } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { CLOSE_REASONS } from '../../triage/states.ts'
import { apiTarget } from '../api-target.ts'
import { type ApiTarget, askApi } from '../ask-api.ts'
import type { CommandContext } from '../command-context.ts'
import { withConfig } from '../config-options.ts'
import { EXIT } from '../exit-codes.ts'

interface Flags extends ConfigFlags {
  readonly url?: string
  readonly reason?: string
  readonly to?: string
  readonly until?: string
  readonly comment?: string
  readonly json?: boolean
}

type Word = Readonly<Record<string, unknown>>

const REASONS = CLOSE_REASONS.map((reason) => reason.replaceAll('_', '-'))

/**
 * `delegraph findings ack | assign | accept | close | reopen ID...`: says where you stand with findings,
 * to a running collector. All of them change, or none.
 */
export function addTriage(findings: Command, context: CommandContext): void {
  const add = (
    name: string,
    description: string,
    word: (flags: Flags) => Word,
    options: (command: Command) => Command = (command) => command,
  ): void => {
    options(withConfig(findings.command(name).description(description).argument('<id...>')))
      .option('--url <address>', 'GraphQL address of the collector (default: by configuration)')
      .option('--comment <text>', 'what others should know')
      .option('--json', 'print as JSON')
      .action(async (ids: string[], _: Flags, command: Command) => {
        const flags: Flags = command.optsWithGlobals()
        const comment = flags.comment === undefined ? {} : { comment: flags.comment }
        await say(ids, { ...word(flags), ...comment }, flags, context)
      })
  }
  const because = (command: Command): Command =>
    command.requiredOption('--reason <reason>', REASONS.join(', '))

  add('ack', 'you have seen it', () => ({ state: 'ACKNOWLEDGED' }))
  add(
    'assign',
    'somebody looks at it',
    ({ to }) => (to === '' ? { unassign: true } : { assignee: to }),
    (command) => command.requiredOption('--to <name>', 'whom; empty for nobody'),
  )
  add(
    'close',
    'it is over',
    ({ reason }) => ({ state: 'CLOSED', reason: reasonOf(reason) }),
    because,
  )
  add(
    'accept',
    'known and left as it is until a time',
    ({ reason, until }) => ({ state: 'ACCEPTED', reason: reasonOf(reason), until }),
    (command) =>
      because(command).requiredOption('--until <time>', 'when it comes back: 2027-01-31T00:00:00Z'),
  )
  add('reopen', 'it is to be looked at again', () => ({ state: 'NEW' }))
}

function reasonOf(given = ''): string {
  const reason = CLOSE_REASONS.find((one) => one === given.replaceAll('-', '_').toLowerCase())
  if (reason !== undefined) return reason.toUpperCase()
  throw new CollectorError('config_invalid', `--reason takes one of ${REASONS.join(', ')}`)
}

const SAY = `mutation ($input: TriageInput!) { triage(input: $input) { __typename
  ... on TriagePayload { findings { id title triage { state version assignee until } } }
  ... on UserError { message } } }`

interface Said {
  readonly triage: {
    readonly __typename: string
    readonly message?: string
    readonly findings?: readonly {
      readonly id: string
      readonly title: string
      readonly triage: { readonly state: string; readonly assignee: string | null }
    }[]
  }
}

async function say(
  ids: readonly string[],
  word: Word,
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  const target = apiTarget(flags)
  const findings = [...new Set(ids)]
  const expectedVersions = await versionsOf(findings, target)
  const input = { ...word, findings, expectedVersions }
  const { triage } = await askApi<Said>(target, SAY, { input })
  if (triage.findings === undefined) {
    process.stderr.write(`delegraph: ${triage.message ?? triage.__typename}\n`)
    context.exitCode = triage.__typename === 'InvalidArgumentError' ? EXIT.usage : EXIT.error
    return
  }
  const lines = triage.findings.map(({ id, title, triage: { state, assignee } }) => {
    const who = assignee === null ? '' : `  ${assignee}`
    return `${state.toLowerCase().padEnd(12)}  ${id}${who}  ${title}\n`
  })
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(triage.findings)}\n` : lines.join(''),
  )
}

/** Read as few at a time as the API allows under other names. */
const AT_A_TIME = 25

async function versionsOf(ids: readonly string[], target: ApiTarget): Promise<number[]> {
  const versions: number[] = []
  for (let i = 0; i < ids.length; i += AT_A_TIME) {
    const part = ids.slice(i, i + AT_A_TIME)
    const names = part.map((_, n) => `$f${n}: ID!`).join(', ')
    const fields = part
      .map((_, n) => `f${n}: finding(id: $f${n}) { ... on Finding { triage { version } } }`)
      .join(' ')
    const variables = Object.fromEntries(part.map((id, n) => [`f${n}`, id]))
    const found = await askApi<
      Record<string, { readonly triage?: { readonly version: number } } | undefined>
    >(target, `query (${names}) { ${fields} }`, variables)
    versions.push(...part.map((_, n) => found[`f${n}`]?.triage?.version ?? 0))
  }
  return versions
}
