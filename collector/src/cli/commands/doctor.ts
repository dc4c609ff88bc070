import type { Command } from 'commander'
import { type ConfigFlags, readConfig } from '../../config.ts'
import type { CommandContext } from '../command-context.ts'
import { withConfig, withPorts } from '../config-options.ts'
import { allChecks } from '../doctor/all.ts'
import type { Check } from '../doctor/check.ts'
import { EXIT } from '../exit-codes.ts'
import { paint } from '../paint.ts'

/**
 * `delegraph doctor`: what is around a collector here, and what to do about what is wrong. It changes
 * nothing and sends nothing. Where there are tenants it looks at each of them, or at the one of `--tenant`. Exit code 1 where something failed; a warning is none.
 */
export function addDoctor(program: Command, context: CommandContext): void {
  withPorts(withConfig(program.command('doctor').description('check what a collector needs here')))
    .option('--json', 'print as JSON')
    .action(async (flags: ConfigFlags & { readonly json?: boolean }) => {
      const config = readConfig(flags, process.env)
      const checks = await allChecks(config, process.env, Date.now())
      if (flags.json === true) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`)
      else for (const check of checks) process.stdout.write(draw(check))
      if (checks.some(({ state }) => state === 'failed')) context.exitCode = EXIT.error
    })
}

const MARKS = {
  ok: ['green', 'ok'],
  warning: ['yellow', 'warning'],
  failed: ['red', 'failed'],
} as const

function draw({ name, state, says, todo, tenant }: Check): string {
  const [colour, word] = MARKS[state]
  const whose = tenant === undefined ? '' : `${tenant}: `
  const line = `${paint(colour, word.padEnd(8))} ${name.padEnd(9)} ${whose}${says}\n`
  return todo === undefined ? line : `${line}${' '.repeat(19)}${paint('dim', todo)}\n`
}
