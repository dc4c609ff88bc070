import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { graphql } from '../api/graphql.ts'
import { asCurl, asGraphql } from './request-text.ts'

const document = graphql(`query One($id: ID!) { finding(id: $id) { __typename } }`)

it('is a command that a shell reads back as the same body, quotes included', () => {
  const variables = { id: 'it\'s $HOME `id` "x" \\n' }
  const command = asCurl({ document, variables }, 'http://127.0.0.1:4319/graphql')
  const shown = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$6"; }\n${command}`])
  expect(JSON.parse(shown.toString())).toMatchObject({ variables })
})

it('gives the document and what it was asked with', () => {
  const text = asGraphql({ document, variables: { id: 'x' } })
  expect(text).toContain('query One($id: ID!)')
  expect(text).toContain('# {"id":"x"}')
})
