import { existsSync, readFileSync } from 'node:fs'
import { VECTORS } from '../vectors/read.ts'
import { ATTACKS, type Attack } from './attacks.ts'

const ROOT = new URL('../../', import.meta.url)

/** A test that stands in a file. */
export interface NamedTest {
  readonly title: string
  /** The vector that it plays, where it plays one. */
  readonly vector?: string
}

/** What stands as the first argument of a test, a case or one of our own helpers. */
export function testsIn(file: string): readonly NamedTest[] {
  const url = new URL(file, ROOT)
  if (!existsSync(url)) return []
  // The second form is the end of `it.each([...])('title', (...) =>`.
  const calls = readFileSync(url, 'utf8').matchAll(
    /(?:\b(it|test|refused|accepted)|\))\(\s*(['"`])((?:(?!\2)[^\\\n]|\\.)+)\2(?:,\s*'([A-Z]\d+)')?/g,
  )
  return [...calls].map(([, helper, , title = '', vector]) =>
    helper === 'refused' && vector !== undefined ? { title, vector } : { title },
  )
}

/** Each attack, the vectors and tests that play it, and what a verifier says of it. */
export function attackTable(): string {
  const rows = ATTACKS.flatMap(({ theme, attacks }) => [
    `| **${theme}** | | | |`,
    ...attacks.map(rowOf),
  ])
  return ['| attack | vectors | tests | result |', '|---|---|---|---|', ...rows].join('\n')
}

function rowOf({ attack, tests, note }: Attack): string {
  const vectors = tests.flatMap(([file, title]) =>
    testsIn(file).flatMap((test) => (test.title === title ? (test.vector ?? []) : [])),
  )
  const files = [...new Set(tests.map(([file]) => file))]
  const codes = new Set(
    [...VECTORS.chains, ...VECTORS.artefacts]
      .filter(({ id }) => vectors.includes(id))
      .map(({ expect }) => `\`${expect}\``),
  )
  const others = tests.length - vectors.length
  const results = [
    ...codes,
    ...(others > 0 ? ['as each test says'] : []),
    ...(note === undefined ? [] : [note]),
  ]
  const cells = [attack, vectors.join(', '), files.map(named).join(', '), results.join('; ')]
  return `| ${cells.join(' | ')} |`
}

function named(file: string): string {
  const short = file.replace(/^test\/attacks\//, '').replace(/\.test\.ts$/, '')
  return `[${short}](../${file})`
}
