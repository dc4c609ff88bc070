import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DETECTORS } from '@delegraph/graph-schema'
import { expect, it } from 'vitest'
import { listedRules } from './headers.ts'

const ROOT = join(import.meta.dirname, '../../..')

it('every detector has a header, each with a UUID of its own', () => {
  const listed = listedRules()
  expect(listed.map(({ rule }) => rule)).toEqual(Object.keys(DETECTORS))
  const ids = listed.map(({ uuid }) => uuid)
  expect(new Set(ids).size).toBe(ids.length)
  for (const uuid of ids)
    expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

it.each(listedRules())(
  '$rule names its page and its test, and is on the lists that its page names',
  (rule) => {
    for (const file of rule.references) expect(existsSync(join(ROOT, file)), file).toBe(true)
    const page = readFileSync(join(ROOT, rule.references[0] ?? ''), 'utf8')
    const [, owasp = '', atlas = ''] =
      /\*\*Mappings\*\* OWASP ([^(]*)\([^)]*\);.*; ATLAS ([^/]*)\//.exec(page) ?? []
    const named = [...owasp.matchAll(/ASI\d+/g), ...atlas.matchAll(/AML\.T[\d.]*\d/g)]
    expect(rule.tags.map((tag) => tag.replace(/^(owasp|atlas)\./, ''))).toEqual(
      named.map(([word]) => word.toLowerCase()),
    )
    expect(rule.description.length).toBeGreaterThan(20)
    expect(rule.falsePositives.length).toBeGreaterThan(0)
    expect(rule.date <= rule.modified && rule.modified < rule.review).toBe(true)
  },
)
