import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { keyOf } from '../../../test/harness/story.ts'
import {
  createCertificate,
  type TestCertificate,
  type TlsServer,
} from '../fetch/testing/tls-server.ts'
import { askSource } from './ask.ts'
import { parseTrustFile } from './file.ts'

const KEYS = { keys: [{ ...keyOf('root').jwk, kid: 'root' }] }

let certificate: TestCertificate
beforeAll(async () => {
  certificate = await createCertificate()
})

/** What each path answers; all else is not found. */
type Pages = Readonly<Record<string, unknown>>

/** A server of JSON documents, which are made when its address is known. */
async function site(pages: (server: TlsServer) => Pages, headers: object = {}) {
  const seen: string[] = []
  let known: Pages = {}
  const server = await certificate.serve((incoming, response) => {
    const path = incoming.url ?? ''
    seen.push(path)
    const page = known[path]
    response.writeHead(page === undefined ? 404 : 200, {
      'content-type': 'application/json',
      ...headers,
    })
    response.end(JSON.stringify(page))
  })
  known = pages(server)
  return { ...server, seen }
}

/** The answer to an entry with this source, as a trust file on loopback would have it. */
async function ask(source: object, terms: object = {}) {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'ca.pem'), certificate.ca)
  const access = { allow_addresses: ['127.0.0.1'], ca_file: 'ca.pem' }
  const anchor = { iss: 'https://auth.example.com', source: { ...access, ...source }, ...terms }
  const { sourced } = parseTrustFile({ version: '1', anchors: [anchor] }, 'trust.json', folder.path)
  const [entry] = sourced
  if (entry === undefined) throw new Error('there is an entry')
  return await askSource(entry.source)
}

const OIDC = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'

describe('a source', () => {
  it('of a key set says when it wants to be asked again', async () => {
    await using server = await site(() => ({ '/jwks': KEYS }), { 'cache-control': 'max-age=120' })
    const answer = await ask({ jwks: `${server.url}/jwks` })
    expect(answer.keys).toEqual([{ kid: 'root', jwk: keyOf('root').jwk }])
    expect(answer.refresh).toBe(120)
  })

  it('of a SPIFFE bundle has a hint of its own, which goes before the cache', async () => {
    const bundle = { keys: [], spiffe_refresh_hint: 30, spiffe_sequence: 3 }
    await using server = await site(() => ({ '/': bundle }), { 'cache-control': 'max-age=9' })
    const terms = { iss: 'spiffe://example.org', use: 'wit-svid' }
    const answer = await ask({ spiffe_bundle: server.url }, terms)
    expect(answer).toMatchObject({ refresh: 30, sequence: 3, revoked: true })
  })

  it('of an issuer is found by its metadata, of OpenID or of RFC 8414', async () => {
    await using server = await site(({ url }) => ({
      [OIDC]: { issuer: url, jwks_uri: `${url}/a` },
      [`${OAUTH}/tenant`]: { issuer: `${url}/tenant`, jwks_uri: `${url}/b` },
      '/a': KEYS,
      '/b': { keys: [] },
    }))
    expect((await ask({ oidc: server.url })).keys).toHaveLength(1)
    expect((await ask({ oidc: `${server.url}/tenant` })).keys).toHaveLength(0)
    expect(server.seen).toEqual([OIDC, '/a', `/tenant${OIDC}`, `${OAUTH}/tenant`, '/b'])
  })
})

describe('an issuer whose metadata', () => {
  it.each([
    ['names another issuer', (url: string) => ({ issuer: `${url}/`, jwks_uri: `${url}/a` })],
    ['names none', (url: string) => ({ jwks_uri: `${url}/a` })],
    ['has no keys', (url: string) => ({ issuer: url })],
    ['has keys that are no address', (url: string) => ({ issuer: url, jwks_uri: { url } })],
  ])('%s is not believed', async (_, metadata) => {
    await using server = await site(({ url }) => ({ [OIDC]: metadata(url), '/a': KEYS }))
    await expect(ask({ oidc: server.url })).rejects.toThrow(/^its metadata/)
    expect(server.seen).toEqual([OIDC])
  })

  it('points to another host leads nowhere, unless the configuration names it', async () => {
    await using keys = await site(() => ({ '/jwks': KEYS }))
    await using server = await site(({ url }) => ({
      [OIDC]: { issuer: url, jwks_uri: `${keys.url}/jwks` },
    }))
    await expect(ask({ oidc: server.url })).rejects.toThrow(`${keys.host} is not asked`)
    expect(keys.seen).toEqual([])
    const named = await ask({ oidc: server.url, hosts: [keys.host] })
    expect(named.keys).toHaveLength(1)
  })

  it.each([
    ['a file', () => 'file:///etc/passwd'],
    ['plain http', ({ port }: TlsServer) => `http://localhost:${port}/a`],
    ['the metadata of a cloud', () => 'https://169.254.169.254/latest'],
    ['its own host by address', ({ port }: TlsServer) => `https://127.0.0.1:${port}/a`],
  ])('points to %s leads nowhere', async (_, uri) => {
    await using server = await site((own) => ({
      [OIDC]: { issuer: own.url, jwks_uri: uri(own) },
      '/a': KEYS,
    }))
    await expect(ask({ oidc: server.url })).rejects.toThrow(/is not asked/)
    expect(server.seen).toEqual([OIDC])
  })
})

it('a source on loopback is not asked unless its address is named', async () => {
  await using server = await site(() => ({ '/jwks': KEYS }))
  const source = { jwks: `${server.url}/jwks`, allow_addresses: [] }
  await expect(ask(source)).rejects.toThrow(/is not at a public address/)
})

it('a file that is away, or too large, says so', async () => {
  const unvouched = { jwks: 'https://auth.example.com/', ca_file: 'other.pem' }
  await expect(ask(unvouched)).rejects.toThrow(/^has a ca_file that cannot be read/)
  await expect(askSource({ kind: 'jwks_file', name: 'x', path: '/nowhere' })).rejects.toThrow(
    /^cannot be read: ENOENT$/,
  )
  using folder = temporaryFolder()
  const path = join(folder.path, 'large')
  writeFileSync(path, Buffer.alloc(300 * 1024))
  await expect(askSource({ kind: 'jwks_file', name: 'x', path })).rejects.toThrow(/more than/)
})
