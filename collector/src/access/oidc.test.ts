import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createCertificate,
  type TestCertificate,
  type TlsServer,
} from '../fetch/testing/tls-server.ts'
import type { OidcSettings } from './access-config.ts'
import { oidcTokens } from './oidc.ts'

const folder = mkdtempSync(join(tmpdir(), 'delegraph-oidc-'))
const caFile = join(folder, 'ca.pem')
let certificate: TestCertificate
beforeAll(async () => {
  certificate = await createCertificate()
  writeFileSync(caFile, certificate.ca)
})
afterAll(() => rmSync(folder, { recursive: true }))

const AUDIENCE = 'https://delegraph.example'

function settingsOf(issuer: string, more: Partial<OidcSettings> = {}): OidcSettings {
  return {
    issuer,
    audience: AUDIENCE,
    algorithms: ['RS256', 'ES256'],
    rolesClaim: 'roles',
    roles: { reads: ['viewer'], triages: ['analyst'], runs: ['admin', 'ingest'] },
    nameClaim: 'sub',
    hosts: [],
    allowAddresses: ['127.0.0.1'],
    caFile,
    ...more,
  }
}

/** A provider whose keys and whose answers a test can change. */
async function startIssuer() {
  const keys: JWK[] = []
  let asked = 0
  let away = false
  let server: TlsServer | undefined
  server = await certificate.serve((request, response) => {
    if (away) return void response.writeHead(503).end()
    const issuer = server?.url ?? ''
    const isKeys = request.url === '/keys'
    if (isKeys) asked += 1
    const body = isKeys ? { keys } : { issuer, jwks_uri: `${issuer}/keys` }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  return {
    url: server.url,
    keys,
    asked: () => asked,
    goAway: () => {
      away = true
    },
    [Symbol.asyncDispose]: () => (server as TlsServer)[Symbol.asyncDispose](),
  }
}

async function newKey(kid: string, alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
}

function sign(
  key: CryptoKey | Uint8Array,
  iss: string,
  claims: Readonly<Record<string, unknown>> = {},
  header: { alg?: string; kid?: string } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({
    iss,
    aud: AUDIENCE,
    sub: 'bob',
    roles: ['triages'],
    exp: now + 300,
    iat: now,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
    .sign(key)
}

test('a token that a real provider issued says who it is and what he may', async () => {
  let handler: ReturnType<Provider['callback']> | undefined
  await using server = await certificate.serve((request, response) => handler?.(request, response))
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const signing = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'rsa' }
  const client = { client_id: 'console', client_secret: 'a secret of a test on loopback' }
  const provider = new Provider(server.url, {
    clients: [
      { ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
    ],
    jwks: { keys: [signing] },
    cookies: { keys: ['a cookie key of a test'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'findings.triage other',
          audience: AUDIENCE,
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  })
  handler = provider.callback()
  const verify = oidcTokens({
    settings: settingsOf(server.url, {
      rolesClaim: 'scope',
      roles: { 'findings.triage': ['analyst'] },
    }),
    clock: Date.now,
    onError: (error) => {
      throw error
    },
  })
  const token = await issuedBy(server, client)
  expect(await verify(token)).toEqual({
    name: 'console',
    roles: ['analyst'],
    tenant: 'default',
    until: expect.any(Number),
  })
  expect(await verify(`${token.slice(0, -8)}AAAAAAAA`)).toBeUndefined()
})

describe('a token', () => {
  async function open(more: Partial<OidcSettings> = {}) {
    const issuer = await startIssuer()
    const key = await newKey('one')
    issuer.keys.push(key.jwk)
    const errors: unknown[] = []
    const time = { now: Date.now() }
    const verify = oidcTokens({
      settings: settingsOf(issuer.url, more),
      clock: () => time.now,
      onError: (error) => errors.push(error),
    })
    return { issuer, key, verify, errors, time }
  }

  test('that holds is believed; words that mean nothing here give no role', async () => {
    const { issuer, key, verify } = await open()
    await using _ = issuer
    expect(await verify(await sign(key.privateKey, issuer.url))).toMatchObject({
      name: 'bob',
      roles: ['analyst'],
    })
    const roles = 'reads runs admin constructor __proto__'
    expect(await verify(await sign(key.privateKey, issuer.url, { roles }))).toMatchObject({
      roles: ['viewer', 'admin', 'ingest'],
    })
    expect(await verify(await sign(key.privateKey, issuer.url, { roles: 7 }))).toMatchObject({
      roles: [],
    })
  })

  test('of another issuer or audience, without end, over, not yet, or of nobody is not', async () => {
    const { issuer, key, verify } = await open()
    await using _ = issuer
    const now = Math.floor(Date.now() / 1000)
    const wrong: Readonly<Record<string, unknown>>[] = [
      { iss: 'https://evil.example' },
      { aud: 'https://other.example' },
      { exp: undefined },
      { exp: now - 60 },
      { nbf: now + 60 },
      { sub: undefined },
      { sub: '' },
      { sub: 'x'.repeat(300) },
    ]
    for (const claims of wrong) {
      expect(
        await verify(await sign(key.privateKey, issuer.url, claims)),
        JSON.stringify(claims),
      ).toBe(undefined)
    }
  })

  test('is of the algorithms that are configured, whatever it says of itself', async () => {
    const { issuer, key, verify } = await open({ algorithms: ['ES256'] })
    await using _ = issuer
    const rsa = await newKey('rsa', 'RS256')
    issuer.keys.push(rsa.jwk)
    const asRsa = await sign(rsa.privateKey, issuer.url, {}, { alg: 'RS256', kid: 'rsa' })
    expect(await verify(asRsa)).toBeUndefined()
    // The public key as if it were a shared secret.
    const spki = Buffer.from(await exportSPKI(key.publicKey))
    expect(await verify(await sign(spki, issuer.url, {}, { alg: 'HS256' }))).toBeUndefined()
    const [, payload] = (await sign(key.privateKey, issuer.url)).split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    expect(await verify(`${none}.${payload}.`)).toBeUndefined()
    expect(await verify('x'.repeat(20_000))).toBeUndefined()
    expect(await verify('a.b.c')).toBeUndefined()
  })

  test('by a key that came since is believed; unknown keys do not make us ask again and again', async () => {
    const { issuer, key, verify, time } = await open()
    await using _ = issuer
    expect(await verify(await sign(key.privateKey, issuer.url))).toBeDefined()
    expect(issuer.asked()).toBe(1)
    const next = await newKey('two')
    const token = await sign(next.privateKey, issuer.url, {}, { kid: 'two' })
    for (let i = 0; i < 5; i += 1) expect(await verify(token)).toBeUndefined()
    expect(issuer.asked()).toBe(1)
    issuer.keys.push(next.jwk)
    time.now += 31_000
    expect(await verify(token)).toBeDefined()
    expect(issuer.asked()).toBe(2)
  })

  test('is believed while the provider is away, once its keys are known, and not before', async () => {
    const { issuer, key, verify, time, errors } = await open()
    await using _ = issuer
    const token = await sign(key.privateKey, issuer.url, {
      exp: Math.floor(Date.now() / 1000) + 9_000,
    })
    expect(await verify(token)).toBeDefined()
    issuer.goAway()
    time.now += 700_000
    expect(await verify(token)).toBeDefined()
    await expect.poll(() => errors.length).toBe(1)
    const unheard = oidcTokens({
      settings: settingsOf(issuer.url),
      clock: Date.now,
      onError: (error) => errors.push(error),
    })
    expect(await unheard(token)).toBeUndefined()
    expect(errors.map(String).join()).not.toContain(token)
  })
})

async function issuedBy(
  server: TlsServer,
  client: { client_id: string; client_secret: string },
): Promise<string> {
  const { request } = await import('node:https')
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    resource: AUDIENCE,
    scope: 'findings.triage',
  }).toString()
  const basic = [client.client_id, client.client_secret].map(encodeURIComponent).join(':')
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port: server.port,
        path: '/token',
        method: 'POST',
        ca: certificate.ca,
        headers: {
          host: server.host,
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
        },
      },
      async (response) => {
        let all = ''
        for await (const part of response) all += String(part)
        resolve(all)
      },
    )
    sent.on('error', reject).end(body)
  })
  const { access_token: token } = JSON.parse(text) as { access_token?: string }
  if (token === undefined) throw new Error(`no token: ${text}`)
  return token
}
