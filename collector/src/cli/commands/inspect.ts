import { decodeUnverified, isFault } from '@delegraph/link'
import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { readInput, signedTexts } from '../input.ts'

/** `delegraph inspect`: shows what signed texts say, and believes nothing. */
export function addInspect(program: Command, context: CommandContext): void {
  program
    .command('inspect')
    .description('show what signed texts say; checks no signature')
    .argument('<file>', 'signed text, one a line, or JSON with "aat_chain"; - for standard input')
    .option('--json', 'print as one JSON list')
    .action((file: string, flags: { readonly json?: boolean }) => {
      const decoded = signedTexts(readInput(file)).map((text) => decodeUnverified(text))
      if (decoded.some(isFault)) context.exitCode = EXIT.invalid
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify(decoded, null, 2)}\n`)
        return
      }
      for (const item of decoded) {
        process.stdout.write(
          isFault(item)
            ? `not readable: ${item.code}${item.detail === undefined ? '' : ` (${item.detail})`}\n`
            : `${item.typ}  ${item.alg}  ${item.hash}\n${JSON.stringify(item.payload, null, 2)}\n\n`,
        )
      }
      process.stderr.write('signatures were not checked; use "delegraph verify"\n')
    })
}
