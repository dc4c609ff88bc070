import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, cacheExchange, fetchExchange } from '@urql/core'
import { expect, it } from 'vitest'
import * as chain from '../screens/chain/documents.ts'
import { trustedDocuments } from './trusted-documents.ts'

it('has the very text that the client sends', async () => {
  const sent: { readonly query: string }[] = []
  const client = new Client({
    url: 'http://127.0.0.1/graphql',
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetch: async (_, init) => {
      sent.push(JSON.parse(String(init?.body)) as { query: string })
      return Response.json({ data: null })
    },
  })
  await client.query(chain.CHAIN_LINKS, { id: 'x', after: null }).toPromise()
  const trusted = trustedDocuments([chain])
  const [{ query = '' } = {}] = sent
  expect(query).toContain('fragment LinkParts')
  expect(trusted[`sha256:${createHash('sha256').update(query).digest('hex')}`]).toBe(query)
})

it('leaves out fragments, which are sent with what uses them', () => {
  const texts = Object.values(trustedDocuments([chain]))
  expect(texts.every((text) => /^\s*(query|mutation|subscription)\b/m.test(text))).toBe(true)
})

it('knows where the documents are: in no file of another name', () => {
  const src = join(import.meta.dirname, '..')
  const elsewhere = globSync('**/*.{ts,tsx}', { cwd: src }).filter(
    (path) =>
      !/(^|\/)documents\.ts$|\.test\.ts$/.test(path) &&
      /\bgraphql\(\s*`/.test(readFileSync(join(src, path), 'utf8')),
  )
  expect(elsewhere).toEqual([])
})
