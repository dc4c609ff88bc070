import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { attackTable, testsIn } from './attack-table.ts'
import { ATTACKS } from './attacks.ts'
import { REPORT } from './report.ts'

const ROOT = new URL('../../', import.meta.url)
const LISTED = ATTACKS.flatMap(({ attacks }) => attacks)

it('every test that the list of attacks names is there under that title', () => {
  const absent = LISTED.flatMap(({ tests }) => tests).filter(
    ([file, title]) => !testsIn(file).some((test) => test.title === title),
  )
  expect(absent).toEqual([])
})

it('every attack has a test, or says why there is none', () => {
  expect(LISTED.filter(({ tests, note }) => tests.length === 0 && note === undefined)).toEqual([])
})

it('every file of attacks is in the list', () => {
  const named = new Set(LISTED.flatMap(({ tests }) => tests.map(([file]) => file)))
  const files = readdirSync(fileURLToPath(new URL('test/attacks', ROOT)))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/attacks/${name}`)
  expect(files.filter((file) => !named.has(file))).toEqual([])
})

it('docs/conformance.md has the table as it is', () => {
  expect(readFileSync(REPORT, 'utf8')).toContain(attackTable())
})
