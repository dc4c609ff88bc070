import type { Command } from 'commander'
import { type ConfigFlags, explainConfig } from '../../config.ts'
import { withConfig, withPorts } from '../config-options.ts'
import { paint } from '../paint.ts'

/** `delegraph config`: every value in force and where it came from; secrets are masked. */
export function addConfig(program: Command): void {
  const command = program.command('config').description('print the configuration in force')
  withPorts(withConfig(command))
    .option('--json', 'print as JSON')
    .action((flags: ConfigFlags & { readonly json?: boolean }) => {
      const all = explainConfig(flags, process.env)
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
        return
      }
      const width = Math.max(...all.map(({ key }) => key.length))
      for (const { key, value, from } of all) {
        const origin = from === 'default' ? paint('dim', from) : from
        process.stdout.write(`${key.padEnd(width)}  ${value.padEnd(28)}  ${origin}\n`)
      }
    })
}
