import { dirname, resolve } from 'node:path'
import { type CheckedPolicies, checkPolicies, loadPolicy } from '@delegraph/link/policy'
import type { Command } from 'commander'
import { isSlipped, policyReplay, REPLAY_LIMITS } from '../../policy/policy-replay.ts'
import { type AskFlags, inGraph, MAX_ROWS, numberIn, withTimes } from '../ask/in-graph.ts'
import type { CommandContext } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { readWhole } from '../input.ts'
import { paint } from '../paint.ts'
import { drawReplay, drawSlip, drawTested } from '../policy/draw.ts'
import { parseFixtures, tested } from '../policy/fixtures.ts'

interface ReplayFlags extends AskFlags {
  readonly last: string
  readonly against?: string
  readonly failOnChange?: boolean
}

/** `delegraph policy`: checks, tests and tries policies before a guard enforces them. */
export function addPolicy(program: Command, context: CommandContext): void {
  const policy = program.command('policy').description('check, test and try policies in Cedar')

  policy
    .command('check')
    .description('read policies and say what is wrong, by line and column')
    .argument('<file>', 'policies in Cedar; - for standard input')
    .option('--json', 'print as JSON')
    .action((file: string, flags: { readonly json?: boolean }) => {
      const checked = checkPolicies(readWhole(file))
      const { slips, policies, tools, hash } = checked
      if (flags.json === true)
        print(JSON.stringify({ hash, policies: Object.keys(policies), tools: [...tools], slips }))
      else {
        for (const slip of slips) print(drawSlip(file, slip))
        const count = Object.keys(policies).length
        if (hash !== undefined)
          print(`${count} ${count === 1 ? 'policy' : 'policies'}, set ${paint('dim', hash)}`)
      }
      if (hash === undefined) context.exitCode = EXIT.invalid
    })

  policy
    .command('test')
    .description('ask policies about the calls of a file, and compare the answers')
    .argument('<file>', 'tests in JSON, which name their policies')
    .option('--json', 'print as JSON')
    .action((file: string, flags: { readonly json?: boolean }) => {
      const fixtures = parseFixtures(readWhole(file))
      const path = resolve(dirname(file === '-' ? '.' : file), fixtures.policy)
      const text = readWhole(path)
      if (!isUsable(checkPolicies(text), fixtures.policy, context)) return
      const set = loadPolicy(text)
      const results = fixtures.cases.map((one) => tested(set, one))
      const failed = results.filter(({ passed }) => !passed).length
      if (flags.json === true) print(JSON.stringify({ hash: set.hash, failed, results }))
      else {
        for (const result of results) print(drawTested(result))
        print(`${results.length - failed} of ${results.length} as expected`)
      }
      if (failed > 0) context.exitCode = EXIT.invalid
    })

  withTimes(
    policy
      .command('replay')
      .description('what policies would have answered to the newest calls of the graph'),
  )
    .argument('<file>', 'policies in Cedar; - for standard input')
    .option('--last <n>', `how many calls, 1 to ${REPLAY_LIMITS.calls}`, `${REPLAY_LIMITS.last}`)
    .option('--against <file>', 'other policies to compare with, in place of what was recorded')
    .option('--fail-on-change', 'exit code 4 where an answer would change, or the policies err')
    .action(async (file: string, flags: ReplayFlags) => {
      const last = numberIn(flags.last, '--last', REPLAY_LIMITS.calls)
      const limit = numberIn(flags.limit, '--limit', MAX_ROWS)
      const draft = readWhole(file)
      const against = flags.against === undefined ? undefined : readWhole(flags.against)
      if (!isUsable(checkPolicies(draft), file, context)) return
      if (against !== undefined && !isUsable(checkPolicies(against), flags.against ?? '', context))
        return
      const answer = await inGraph(flags, (asking) => {
        const until = Math.floor(asking.validAt / 1000)
        return policyReplay(
          { draft, against },
          {
            last,
            decisions: { min: { at: 0 }, max: { at: until } },
            actions: { max: { at: asking.validAt } },
          },
          asking,
        )
      })
      if (isSlipped(answer)) return
      print(flags.json === true ? JSON.stringify(answer, null, 2) : drawReplay(answer, limit))
      const { allow_to_deny, deny_to_allow, errored } = answer.counts
      if (flags.failOnChange === true && allow_to_deny + deny_to_allow + errored > 0)
        context.exitCode = EXIT.findings
    })
}

/** Says on stderr what is wrong, and leaves the exit code. */
function isUsable(checked: CheckedPolicies, file: string, context: CommandContext): boolean {
  for (const slip of checked.slips) process.stderr.write(`${drawSlip(file, slip)}\n`)
  if (checked.hash !== undefined) return true
  context.exitCode = EXIT.invalid
  return false
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
