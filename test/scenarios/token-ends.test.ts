import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { createCertificate, type TlsServer } from '../../collector/src/fetch/testing/tls-server.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const AUDIENCE = 'https://delegraph.example'

it('a stream ends when the token of a provider does, and is not opened with one that is over', async () => {
  using folder = temporaryFolder()
  const certificate = await createCertificate()
  const caFile = join(folder.path, 'ca.pem')
  writeFileSync(caFile, certificate.ca)
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }]
  let issuer: TlsServer | undefined
  issuer = await certificate.serve((request, response) => {
    const url = issuer?.url ?? ''
    const body = request.url === '/keys' ? { keys } : { issuer: url, jwks_uri: `${url}/keys` }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await using _ = issuer
  const auth = authSettings.parse({
    oidc: {
      ...{ issuer: issuer.url, audience: AUDIENCE, rolesClaim: 'roles' },
      ...{ roles: { reads: ['analyst'] }, allowAddresses: ['127.0.0.1'], caFile },
    },
  })
  await using collector = await startCollector({
    config: { ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}), auth },
    env: {},
    logger: pino({ level: 'silent' }),
  })
  const listen = async (exp: number) => {
    const token = await new SignJWT({
      iss: issuer?.url ?? '',
      aud: AUDIENCE,
      sub: 'bob',
      roles: ['reads'],
      exp,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(privateKey)
    const response = await fetch(collector.graphqlUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: 'subscription { findingRaised { cursor } }' }),
    })
    return { status: response.status, text: await response.text() }
  }
  const exp = Math.floor(Date.now() / 1000) + 3
  const open = await listen(exp)
  expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000)
  expect(open).toEqual({ status: 200, text: expect.stringContaining('event: complete') })
  // Within what clocks may differ: it is believed, and the stream has no time left.
  const before = Date.now()
  expect((await listen(Math.floor(before / 1000) - 5)).text).toContain('event: complete')
  expect(Date.now() - before).toBeLessThan(5_000)
  expect((await listen(Math.floor(Date.now() / 1000) - 120)).status).toBe(401)
})
