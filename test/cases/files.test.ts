import { describe, expect, it } from 'vitest'
import { DETECTORS, parseCases } from '../eval/format.ts'
import { pairs, single } from './catalogue.ts'

/** `vitest run test/cases/files.test.ts -u` writes the files again after a story has changed. */
describe('the committed files are the stories', () => {
  it.each(DETECTORS)('%s', async (detector) => {
    const text = file(pairs[detector].flatMap((pair) => pair.lines))
    expect(parseCases(text)).toHaveLength(2 * pairs[detector].length)
    await expect(text).toMatchFileSnapshot(`./files/${detector}.jsonl`)
  })

  it('never', async () => {
    await expect(file(single)).toMatchFileSnapshot('./files/never.jsonl')
  })

  it('clauses', async () => {
    await expect(clauses()).toMatchFileSnapshot('./files/README.md')
  })
})

const file = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

function clauses(): string {
  const tables = DETECTORS.map((detector) => {
    const rows = pairs[detector].map((pair) => `| \`${pair.name}\` | ${pair.clause} |`)
    return [`## ${detector}`, '', '| pair | what the twins differ in |', '|---|---|', ...rows]
  })
  const names = parseCases(file(single)).map((one) => `\`${one.case_id}\``)
  return [
    '# What each pair tests',
    '',
    'Written by `test/cases/files.test.ts` from the stories; do not edit.',
    '',
    ...tables.flatMap((table) => [...table, '']),
    '## never',
    '',
    `Legitimate histories without a twin: ${names.join(', ')}.`,
    '',
  ].join('\n')
}
