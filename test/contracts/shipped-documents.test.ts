import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DocumentNode, getOperationAST, Kind, parse, specifiedRules, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { rateSettings } from '../../collector/src/access/rate-settings.ts'
import { SHIPPED } from '../../collector/src/api/documents.ts'
import { createApiSchema } from '../../collector/src/api/index.ts'
import { aliasRule } from '../../collector/src/api/limits/aliases.ts'
import { costOf, MAX_COST } from '../../collector/src/api/limits/cost.ts'
import { depthRule } from '../../collector/src/api/limits/depth.ts'
import { MAX_TOKENS } from '../../collector/src/api/limits/use-limits.ts'
import { SAVED } from '../../collector/src/cli/query/saved.ts'
import { trustedDocuments } from '../../dashboards/console/src/api/trusted-documents.ts'

const CONSOLE = join(import.meta.dirname, '../../dashboards/console/src')
const modules = await Promise.all(
  globSync('**/documents.ts', { cwd: CONSOLE }).map(
    (path) => import(pathToFileURL(join(CONSOLE, path)).href) as Promise<object>,
  ),
)
const schema = createApiSchema()
const texts = [
  ...Object.values(trustedDocuments(modules)),
  ...SHIPPED,
  ...Object.values(SAVED).map(({ document }) => document),
]

function costOfDocument(document: DocumentNode): number {
  const operation = getOperationAST(document)
  if (operation === null || operation === undefined) throw new Error('no single operation')
  // A page size that is asked for is the largest that the contract allows.
  const sizes = (operation.variableDefinitions ?? []).flatMap(({ variable, type }) =>
    type.kind === Kind.NAMED_TYPE && type.name.value === 'Int' ? [[variable.name.value, 200]] : [],
  )
  return costOf(schema, document, operation, Object.fromEntries(sizes) as Record<string, number>)
}

describe('every document that we ship', () => {
  it('is there', () => expect(texts.length).toBeGreaterThan(60))

  it.each(texts.map((text) => [/\w+ \w+/.exec(text)?.[0] ?? text, text]))(
    'fits the contract and the limits: %s',
    (_, text) => {
      const document = parse(text, { maxTokens: MAX_TOKENS })
      const rules = [...specifiedRules, depthRule, aliasRule]
      expect(validate(schema, document, rules)).toEqual([])
      expect(costOfDocument(document)).toBeLessThanOrEqual(MAX_COST)
    },
  )

  it('can be asked a hundred times a minute by one name', () => {
    const dearest = Math.max(...texts.map((text) => costOfDocument(parse(text))))
    const { cost, requests } = rateSettings.parse({})
    expect(cost / dearest).toBeGreaterThanOrEqual(100)
    expect(requests).toBeGreaterThanOrEqual(100)
  })
})
