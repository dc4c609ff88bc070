import { ATTR, EVENT } from '@delegraph/graph-schema'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createDelegraph } from '../delegraph.ts'
import { createKey } from '../keys/key.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { describeToken } from './describe-token.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const jkt = await calculateJwkThumbprint(await exportJWK(publicKey))

function token(more: Record<string, unknown>): Promise<string> {
  return new SignJWT({ sub: 'alice', scope: 'deploy', email: 'alice@example.com', ...more })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'as' })
    .setIssuer('https://as.example.com')
    .setIssuedAt()
    .sign(privateKey)
}

function claimsIn(text: string): unknown {
  return JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())
}

describe('describeToken', () => {
  it('tells a bearer token without its signature and without what is not about delegation', async () => {
    const bearer = await token({ act: { sub: 'agent:worker' } })
    const told = describeToken(bearer, 'a proof that belongs to nothing')
    expect(told?.text.endsWith('.')).toBe(true)
    expect(Object.keys(told ?? {})).toEqual(['text'])
    expect(JSON.stringify(told)).not.toContain(bearer.split('.')[2])
    expect(claimsIn(told?.text ?? '')).toEqual({
      iss: 'https://as.example.com',
      sub: 'alice',
      scope: 'deploy',
      iat: expect.any(Number),
      act: { sub: 'agent:worker' },
    })
  })

  it('tells a token whole that is bound to a key, with its proof', async () => {
    const bound = await token({ cnf: { jkt } })
    expect(describeToken(bound, 'proof')).toEqual({ text: bound, proof: 'proof' })
    expect(describeToken(bound)).toEqual({ text: bound })
  })

  it('takes a certificate for no binding, since no proof of it comes along', async () => {
    const mtls = await token({ cnf: { 'x5t#S256': jkt } })
    expect(describeToken(mtls)?.text.endsWith('.')).toBe(true)
  })

  it.each(['', 'opaque-secret', 'a.b.c', 'eyJhbGciOiJub25lIn0..'])(
    'tells nothing of %j, which is no JWT',
    (secret) => {
      expect(describeToken(secret)).toBeUndefined()
    },
  )

  it('goes with a call as attributes and as one event, and no secret with it', async () => {
    await using collector = await startFakeCollector()
    const key = await createKey()
    await using delegraph = createDelegraph({
      agent: 'agent:worker',
      key,
      collector: collector.url,
    })
    const bearer = await token({})
    const bound = await token({ cnf: { jkt } })
    const foreign = [describeToken(bearer), describeToken(bound, 'proof')].flatMap(
      (one) => one ?? [],
    )
    await delegraph.act({ tool: 'urn:tool:deploy', args: {} }, () => 'done', { foreign })
    expect(await delegraph.flush()).toBe(true)
    const sent = JSON.stringify(collector.records())
    expect(sent).toContain(EVENT.foreign)
    expect(sent).toContain(ATTR.foreignDpop)
    expect(sent).toContain(bound)
    expect(sent).not.toContain(bearer.split('.')[2])
  })
})
