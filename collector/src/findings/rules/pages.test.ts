import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { HEADLINE_ORDER } from '../definition/headline.ts'
import { RULES } from './index.ts'

const PAGES = fileURLToPath(new URL('../../../../docs/rules', import.meta.url))
const HERE = fileURLToPath(new URL('.', import.meta.url))
const pages = readdirSync(PAGES).filter((name) => /^D\d+-/.test(name))
const readme = readFileSync(join(PAGES, 'README.md'), 'utf8')

/** What each page says, in this order. */
const PARTS = [
  /^# (D\d+) ([a-z-]+)\n\n[A-Z]/,
  /\n\*\*Fires\*\* when /,
  /\n\*\*Must not fire\*\* when /,
  /\n\*\*Severity\*\* /,
  /\n\*\*What to do\*\* /,
  /\n\*\*Proof shown\*\* /,
  /\n\*\*Mappings\*\* OWASP (ASI\d\d, )*ASI\d\d \((T\d+, )*T\d+\); MAESTRO [L\d+, ]+; NIST AI RMF ((GOVERN|MAP|MEASURE|MANAGE) \d\.\d(, )?)+; ATLAS (AML\.T[\d.]+(, )?)+ \/ (AML\.M\d+(, )?)+\n/,
]

it('there are sixteen detectors, each with rules in the order of headlines, a page, and no other', () => {
  expect([...new Set(RULES.map(({ id }) => id))]).toEqual([...HEADLINE_ORDER])
  expect(pages.map((name) => name.split('-', 1)[0]).sort()).toEqual([...HEADLINE_ORDER].sort())
})

describe.each(pages)('%s', (name) => {
  const text = readFileSync(join(PAGES, name), 'utf8')
  const [id = '', rule = ''] = /^(D\d+)-(.*)\.md$/.exec(name)?.slice(1) ?? []

  it('says what fires, what must not, how grave it is, what to do, and whose lists it is on', () => {
    const places = PARTS.map((part) => text.search(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(text.startsWith(`# ${id} ${rule}\n`)).toBe(true)
  })

  it('names its rule and its test, which are there, and stands in the list of all', () => {
    for (const file of [`${rule}.ts`, `${rule}.test.ts`]) {
      expect(text).toContain(`(../../collector/src/findings/rules/${file})`)
      expect(existsSync(join(HERE, file))).toBe(true)
    }
    expect(readme).toContain(`| [${id} ${rule}](${name}) |`)
  })
})
