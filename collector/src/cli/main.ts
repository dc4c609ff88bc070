import { Command, CommanderError } from 'commander'
import { VERSION } from '../version.ts'
import type { CommandContext } from './command-context.ts'
import { addAlerts } from './commands/alerts.ts'
import { addAsk } from './commands/ask.ts'
import { addCompletion } from './commands/completion.ts'
import { addConfig } from './commands/config.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExport } from './commands/export.ts'
import { addFindings } from './commands/findings.ts'
import { addHold } from './commands/hold.ts'
import { addImport } from './commands/import.ts'
import { addInit } from './commands/init.ts'
import { addInspect } from './commands/inspect.ts'
import { addJwks } from './commands/jwks.ts'
import { addKeygen } from './commands/keygen.ts'
import { addPolicy } from './commands/policy.ts'
import { addQuery } from './commands/query.ts'
import { addRebuild } from './commands/rebuild.ts'
import { addRetention } from './commands/retention.ts'
import { addRules } from './commands/rules.ts'
import { addStart } from './commands/start.ts'
import { addVerify } from './commands/verify.ts'
import { addVerifyAlert } from './commands/verify-alert.ts'
import { EXIT } from './exit-codes.ts'

/**
 * Runs the command line and gives its exit code: 0 ok, 1 error, 2 usage, 3 does not verify,
 * 4 findings present, 5 unreachable. Data goes to stdout, talk to stderr.
 */
export async function main(argv: readonly string[]): Promise<number> {
  endWithReader(process.stdout)
  const context: CommandContext = { exitCode: EXIT.ok }
  const program = new Command('delegraph')
    .description('When an agent did this, whose yes was it?')
    .version(VERSION)
    .showHelpAfterError('(add --help for what this command takes)')
    .exitOverride()
    .addHelpText('after', HELP)
  for (const add of [
    addStart,
    addDemo,
    addInit,
    addKeygen,
    addJwks,
    addVerify,
    addVerifyAlert,
    addInspect,
    addFindings,
    addExport,
    addImport,
    addAsk,
    addQuery,
    addRules,
    addPolicy,
    addAlerts,
    addRebuild,
    addRetention,
    addHold,
    addConfig,
    addDoctor,
    addCompletion,
  ]) {
    add(program, context)
  }
  try {
    await program.parseAsync(['node', 'delegraph', ...argv])
    return context.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    const code = codeOf(error)
    process.stderr.write(`delegraph: ${error instanceof Error ? error.message : String(error)}\n`)
    if (process.env['DELEGRAPH_DEBUG'] === '1' && error instanceof Error) {
      process.stderr.write(`${error.stack}\n`)
    }
    return EXIT_OF[code] ?? EXIT.error
  }
}

const EXIT_OF: Readonly<Record<string, number>> = {
  unreachable: EXIT.unreachable,
  store_unreachable: EXIT.unreachable,
  config_invalid: EXIT.usage,
  not_verified: EXIT.invalid,
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : ''
}

const HELP = `
Examples:
  delegraph init                       a configuration, keys, a trust file and an example agent
  delegraph start                      collector on loopback, graph in .delegraph/
  delegraph demo                       the same, with one incident played by real agents
  delegraph findings --fail-on high    list findings; exit code 4 if any is high or worse
  delegraph verify chain.json --trust trust.json
  delegraph query open-findings        ask a running collector; --list has the names, --csv and --json the forms
  delegraph ask why ACTION             whose yes it was; also blast-radius, what-if, coverage, least-privilege
  delegraph policy replay FILE         what policies would have answered to the newest calls; also check, test

Exit codes: 0 ok, 1 error, 2 usage, 3 does not verify, 4 findings present, 5 unreachable`

/** Whoever reads the output may have seen enough, as `head` does: that is no error. */
function endWithReader(out: NodeJS.WriteStream): void {
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(EXIT.ok)
  })
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
