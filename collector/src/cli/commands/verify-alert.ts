import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { CollectorError } from '../../errors.ts'
import { readTrustOffline } from '../../trust/offline.ts'
import type { CommandContext } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { readInput } from '../input.ts'
import { type ShippedAlert, shippedIn } from '../verify/alert.ts'
import { printProof } from '../verify/print-proof.ts'
import { parseProof, verifyProof } from '../verify/proof.ts'

interface Flags {
  readonly trust: string
  readonly proof?: string
  readonly json?: boolean
}

/** `delegraph verify-alert`: whether the finding that an alert tells of follows from the evidence that it names. */
export function addVerifyAlert(program: Command, context: CommandContext): void {
  program
    .command('verify-alert')
    .description('derive the finding of an alert again from the evidence that it ships, offline')
    .argument('<file>', 'body of a webhook, or a line of OCSF; - for standard input')
    .requiredOption('--trust <file>', 'trust file: whose keys count')
    .option('--proof <file>', 'the file of "delegraph export", for an alert that has only its hash')
    .option('--json', 'print as JSON')
    .action(async (file: string, flags: Flags) => {
      const { trust } = await readTrustOffline(flags.trust)
      const alert = shippedIn(readInput(file))
      const text = flags.proof === undefined ? alert.inline : `${readInput(flags.proof)}\n`
      if (text === undefined) throw notShipped(alert)
      const problems = problemsOf(alert, text)
      const proof = parseProof(text.trim())
      if (proof === undefined)
        throw new CollectorError('file_unreadable', 'the proof is no exported finding')
      const verdict = await verifyProof(proof, trust)
      const all = [...problems, ...verdict.problems]
      printProof({ ...verdict, holds: all.length === 0, problems: all }, flags.json === true)
      if (all.length > 0) context.exitCode = EXIT.invalid
    })
}

/** What the alert says against what its proof is of. */
function problemsOf({ sha256, finding }: ShippedAlert, text: string): string[] {
  const found = createHash('sha256').update(text).digest('hex')
  const { id } = (parseProof(text.trim())?.finding ?? {}) as { readonly id?: unknown }
  return [
    ...(sha256 === undefined || sha256 === found
      ? []
      : [
          'the proof is not the file whose hash the alert names: it was changed, or exported after more evidence had come',
        ]),
    ...(id === finding ? [] : ['the proof is of another finding than the alert']),
  ]
}

function notShipped({ finding, sha256, why }: ShippedAlert): CollectorError {
  const hash = sha256 === undefined ? '' : ` (SHA-256 ${sha256})`
  return new CollectorError(
    'file_unreadable',
    `the alert has no evidence in it${why === undefined ? '' : `: ${why}`}. Get it with "delegraph export ${finding} --out finding.json"${hash} and give it with --proof`,
  )
}
