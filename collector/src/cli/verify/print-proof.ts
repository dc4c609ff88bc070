import { paint } from '../paint.ts'
import type { ProofVerdict } from './proof.ts'

/** Says whether a finding follows from its evidence. */
export function printProof(verdict: ProofVerdict, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(verdict)}\n`)
    return
  }
  const word = verdict.holds
    ? paint('green', 'derived again from its evidence')
    : paint('red', 'does not follow from its evidence')
  process.stdout.write(`${verdict.title}\n${word}\n`)
  for (const problem of verdict.problems) process.stdout.write(`  ${problem}\n`)
  process.stdout.write(
    paint(
      'dim',
      'not checked: evidence that the file does not ship, and whether keys were withdrawn since\n',
    ),
  )
}
