import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ATTACKS } from './attacks.ts'

const ROOT = new URL('../../', import.meta.url)
const LISTED = ATTACKS.flatMap(({ attacks }) => attacks)

it('every test that the list of attacks names is there under that title', () => {
  const absent = LISTED.flatMap(({ tests }) => tests).filter(
    ([file, title]) => !titlesIn(file).includes(title),
  )
  expect(absent).toEqual([])
})

it('every attack has a test, or says what is missing', () => {
  expect(
    LISTED.filter(({ tests, missing }) => tests.length === 0 && missing === undefined),
  ).toEqual([])
})

it('every file of attacks is in the list', () => {
  const named = new Set(LISTED.flatMap(({ tests }) => tests.map(([file]) => file)))
  const files = readdirSync(fileURLToPath(new URL('test/attacks', ROOT)))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/attacks/${name}`)
  expect(files.filter((file) => !named.has(file))).toEqual([])
})

/** What stands as the first argument of a test, a case or one of our own helpers. */
function titlesIn(file: string): readonly string[] {
  const url = new URL(file, ROOT)
  if (!existsSync(url)) return []
  const source = readFileSync(url, 'utf8')
  const calls = source.matchAll(
    /\b(?:it|test|refused|accepted)\(\s*(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1/g,
  )
  return [...calls].map(([, , title = '']) => title)
}
