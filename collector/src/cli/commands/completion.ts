import type { Command } from 'commander'
import { CollectorError } from '../../errors.ts'
import { placesOf } from '../completion/command-tree.ts'
import { completionScript, SHELLS } from '../completion/scripts.ts'

/** `delegraph completion`: a script for a shell, on standard output. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .argument('<shell>', SHELLS.join(', '))
    .option('--json', 'print what can come after what as JSON')
    .action((name: string, flags: { readonly json?: boolean }) => {
      const shell = SHELLS.find((known) => known === name)
      if (shell === undefined)
        throw new CollectorError('config_invalid', `completion takes ${SHELLS.join(', ')}`)
      const places = placesOf(program)
      const text =
        flags.json === true ? `${JSON.stringify(places)}\n` : completionScript(shell, places)
      process.stdout.write(text)
    })
}
