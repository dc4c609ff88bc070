import { createHash } from 'node:crypto'
import { jwkThumbprint, signJws } from '@delegraph/link'
import { expect, test } from 'vitest'
import { keyOf, Story, T0, TOOL, TRUST } from '../../../test/harness/story.ts'
import { foreignTokens } from '../evidence/foreign.ts'
import { openSqliteStore } from '../graph/index.ts'
import { ask, startTestServer } from './test-server.ts'

const AS = 'https://as.example.com'

test('hops of an OAuth token are asked for like links, each with its profile and grade', async () => {
  const store = openSqliteStore({ file: ':memory:' })
  await store.init()
  const story = new Story(store)
  story.trust = { ...TRUST, tokenIssuers: [{ iss: AS, kid: 'as', jwk: keyOf('as').jwk }] }
  const { kty, crv, x } = keyOf('agent:worker').jwk
  const token = signJws(
    { alg: 'Ed25519', typ: 'at+jwt', kid: 'as' },
    {
      iss: AS,
      sub: 'person:alice',
      iat: T0,
      exp: T0 + 600,
      scope: 'deploy',
      act: { sub: 'agent:worker', act: { sub: 'agent:planner' } },
      cnf: { jkt: jwkThumbprint(keyOf('agent:worker').jwk) },
    },
    keyOf('as'),
  )
  const ath = createHash('sha256').update(token).digest('base64url')
  const proof = signJws(
    { alg: 'Ed25519', typ: 'dpop+jwt', jwk: { kty, crv, x } },
    { jti: 'p', htm: 'POST', htu: 'https://tools.example.com/mcp', iat: T0 + 30, ath },
    keyOf('agent:worker'),
  )
  const id = story.act({ agent: 'agent:worker' }, TOOL.deploy)
  await story.told([[...story.evidence, ...foreignTokens([token], [proof], id)]])
  await using server = await startTestServer({ store, empty: true })
  const { data, errors } = await ask(
    server,
    `query ($id: ID!) { action(id: $id) { ... on Action { flags why { kind } foreign {
      profile grade verdict { text } possession { text } flags
      link { profile grade scopes granted { tool } verdict { text } delegator { id } delegate { id delegatedBy { parties { party { id } } } granted { permissions { tool } } }
        chain { grade complete principal { id } hops { depth grade delegate { id } } } }
    } } } }`,
    { id },
  )
  expect(errors).toEqual([])
  expect(data?.['action']).toMatchObject({
    why: { kind: 'NONE' },
    foreign: [
      {
        profile: 'rfc8693',
        grade: 'SIGNED',
        verdict: { text: 'ok' },
        possession: { text: 'ok' },
        flags: ['scope_unknown'],
        link: {
          profile: 'rfc8693',
          grade: 'SIGNED',
          scopes: ['deploy'],
          granted: [],
          verdict: { text: 'ok' },
          delegator: { id: 'agent:planner' },
          delegate: {
            id: 'agent:worker',
            delegatedBy: { parties: [{ party: { id: 'agent:planner' } }] },
            granted: { permissions: [] },
          },
          chain: {
            grade: 'ASSERTED',
            complete: true,
            principal: { id: 'person:alice' },
            hops: [
              { depth: 0, grade: 'ASSERTED', delegate: { id: 'agent:planner' } },
              { depth: 1, grade: 'SIGNED', delegate: { id: 'agent:worker' } },
            ],
          },
        },
      },
    ],
  })
})
