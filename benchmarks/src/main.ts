import { ingest } from './ingest.ts'
import type { Measured, Result } from './measure.ts'
import { refusals } from './refusals.ts'
import { sdk } from './sdk.ts'
import { verify } from './verify.ts'

const BENCHMARKS: Readonly<Record<string, () => Promise<Measured>>> = {
  verify,
  ingest,
  sdk,
  refusals,
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const json = process.argv.includes('--json')
const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name))
if (unknown !== undefined || names.length === 0) {
  process.stderr.write(`npm run bench -- ${Object.keys(BENCHMARKS).join('|')} [--json]\n`)
  process.exit(2)
}
for (const name of names) {
  const measured = await BENCHMARKS[name]?.()
  if (measured === undefined) continue
  process.stdout.write(
    json ? `${JSON.stringify({ ...measured, node: process.version })}\n` : text(measured),
  )
}

function text(measured: Measured): string {
  const lines = measured.results.map(
    (result) =>
      `  ${result.case.padEnd(24)} ratio ${result.ratio.toFixed(3)}   ${number(result.rate)} against ${number(result.referenceRate)}${spread(result)}`,
  )
  return [
    `${measured.name}: ${measured.unit}, against ${measured.reference}`,
    ...lines,
    ...measured.notes.map((note) => `  (${note})`),
    `  (Node ${process.version}, ${process.platform}-${process.arch})`,
    '',
  ].join('\n')
}

function spread({ spread, best, rounds }: Result): string {
  if (spread === undefined || best === undefined) return ''
  const [low, high] = spread
  return `   (${low.toFixed(2)} to ${high.toFixed(2)} in ${rounds} rounds; best to best ${best.toFixed(2)})`
}

function number(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}
