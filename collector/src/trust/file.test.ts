import { readFileSync } from 'node:fs'
import { jwkThumbprint, signRegistry, verifyRegistry } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { keyOf, T0 } from '../../../test/harness/story.ts'
import { givenTrust } from './compose.ts'
import { parseTrustFile } from './file.ts'
import { parseTrustText, trustText } from './text.ts'

const parseTrust = (json: unknown, where: string) => givenTrust(parseTrustFile(json, where))
const owner = keyOf('owner')
const root = keyOf('root')
const FILE = {
  version: '1',
  anchors: [{ iss: 'https://auth.example.com', kid: 'root', jwk: root.jwk }],
  owners: [{ iss: 'https://owners.example.com', kid: 'owner', jwk: owner.jwk }],
}
const compromised = (jwk: typeof owner.jwk, since: number) => ({
  ...FILE,
  compromised: [{ jkt: jwkThumbprint(jwk), since }],
})

describe('a trust file that calls a key compromised', () => {
  it('retires it at that time, whatever it is trusted for', () => {
    const trust = parseTrust(compromised(root.jwk, T0), 'trust.json')
    expect(trust.anchors[0]).toMatchObject({ kid: 'root', valid_until: T0 })
    expect(trust.owners[0]).not.toHaveProperty('valid_until')
  })

  it('does not let an owner sign a registry with it', () => {
    const { text } = signRegistry({
      signer: owner,
      kid: 'owner',
      claims: { iss: 'https://owners.example.com', iat: T0, version: '1', entries: [] },
    })
    const outcomeAt = (since: number) =>
      verifyRegistry(text, parseTrust(compromised(owner.jwk, since), 'trust.json').owners).outcome
    expect(outcomeAt(T0)).toMatchObject({ code: 'issuer_untrusted', detail: 'key_out_of_time' })
    expect(outcomeAt(T0 + 1)).toEqual({ state: 'ok' })
  })

  it('says the same when it is read back from the journal', () => {
    const trust = parseTrust(compromised(root.jwk, T0), 'trust.json')
    expect(parseTrustText(trustText(trust))).toEqual(trust)
  })
})

describe('a key in a trust file', () => {
  it.each([
    ['for encryption', { use: 'enc' }],
    ['that may only sign', { key_ops: ['sign'] }],
    ['for something that nobody reads', { use: 7 }],
  ])('%s is refused by name', (_, more) => {
    const owners = [{ ...FILE.owners[0], jwk: { ...owner.jwk, ...more } }]
    expect(() => parseTrust({ ...FILE, owners }, 'trust.json')).toThrow(/owners\.0\.jwk/)
  })

  it('that says it is for signatures is taken, without what it says', () => {
    const jwk = { ...owner.jwk, use: 'sig', key_ops: ['verify'], kid: 'x' }
    const { owners } = parseTrust({ ...FILE, owners: [{ ...FILE.owners[0], jwk }] }, 'trust.json')
    expect(owners[0]?.jwk).toEqual(owner.jwk)
  })
})

describe('what a trust file says of identities', () => {
  it('is part of the trust where it asks for more than is usual', () => {
    const trust = (more: object) => parseTrust({ ...FILE, ...more }, 'trust.json')
    const required = trust({ holder_identity: 'require_attested' })
    expect(required.holderIdentity).toBe('require_attested')
    expect(parseTrustText(trustText(required))).toEqual(required)
    expect(trust({ holder_identity: 'prefer_attested' })).toEqual(trust({}))
    expect(() => trust({ holder_identity: 'always' })).toThrow(/holder_identity/)
  })
})

describe('an entry with a source', () => {
  const iss = 'https://auth.example.com'
  const domain = 'spiffe://example.org'
  const bundle = { spiffe_bundle: 'https://bundle.example.org/' }
  const sourced = (...anchors: unknown[]) =>
    parseTrustFile({ version: '1', anchors }, 'trust.json', '/etc/delegraph').sourced
  const refusal = (...anchors: unknown[]): string => {
    try {
      sourced(...anchors)
    } catch (error) {
      return (error as Error).message
    }
    throw new Error('it was not refused')
  }

  it('says where, which keys, and what each of them may', () => {
    const source = { jwks: 'https://auth.example.com/jwks.json' }
    const terms = { max_lifetime: 3600, max_depth: 4, valid_from: T0, valid_until: null }
    expect(sourced({ iss, source, algs: ['Ed25519'], use: 'sig', ...terms })).toEqual([
      {
        list: 'anchors',
        at: 'anchors.0',
        terms: { iss, max_lifetime: 3600, max_depth: 4, valid_from: T0 },
        source: {
          kind: 'jwks',
          name: source.jwks,
          url: source.jwks,
          access: { hosts: ['auth.example.com'], allowAddresses: [] },
        },
        found: source.jwks,
        algs: ['Ed25519'],
        use: 'sig',
      },
    ])
  })

  it('asks its own issuer, or another; reads files beside the trust file', () => {
    const other = {
      oidc: 'https://idp.example.com/tenant',
      hosts: ['keys.example.com:8443'],
      allow_addresses: ['10.0.0.7', 'fd00::7'],
      ca_file: 'ca.pem',
    }
    const read = sourced(
      { iss, source: { oidc: true } },
      { iss, source: other },
      { iss, source: { jwks_file: 'keys/jwks.json' } },
      { iss: domain, use: 'wit-svid', source: { ...bundle, profile: 'https_web' } },
    ).map(({ source, found, algs }) => ({ ...source, found, algs }))
    const both = ['Ed25519', 'ES256']
    expect(read).toMatchObject([
      { kind: 'oidc', issuer: iss, access: { hosts: ['auth.example.com'] }, algs: both },
      {
        kind: 'oidc',
        issuer: other.oidc,
        access: {
          hosts: ['idp.example.com', 'keys.example.com:8443'],
          allowAddresses: other.allow_addresses,
          caFile: '/etc/delegraph/ca.pem',
        },
      },
      { kind: 'jwks_file', path: '/etc/delegraph/keys/jwks.json', found: 'keys/jwks.json' },
      { kind: 'spiffe_bundle', found: 'https://bundle.example.org/#wit-svid', algs: ['ES256'] },
    ])
  })

  it.each<[string, RegExp, ...unknown[]]>([
    ['neither key nor source', /anchors\.0: must have "kid" and "jwk", or "source"/, { iss }],
    [
      'key and source',
      /anchors\.0: has a "source" and a key/,
      { iss, kid: 'a', source: { oidc: true } },
    ],
    ['use without a source', /"algs" and "use" choose/, { ...FILE.anchors[0], use: 'sig' }],
    [
      'two sources in one',
      /anchors\.0\.source: must have one of/,
      { iss, source: { oidc: true, ...bundle } },
    ],
    ['an empty source', /must have one of/, { iss, source: {} }],
    ['http', /source\.jwks: must be an https URL/, { iss, source: { jwks: 'http://a.example/' } }],
    ['a user name', /must be an https URL/, { iss, source: { jwks: 'https://u:p@a.example/' } }],
    ['an issuer with a query', /no query/, { iss, source: { oidc: 'https://a.example/?a' } }],
    [
      'an issuer that cannot be asked',
      /needs an https "iss"/,
      { iss: 'auth', source: { oidc: true } },
    ],
    [
      'a host that is a URL',
      /hosts\.0/,
      { iss, source: { oidc: true, hosts: ['https://a.example'] } },
    ],
    [
      'a range',
      /allow_addresses\.0/,
      { iss, source: { oidc: true, allow_addresses: ['10.0.0.0/8'] } },
    ],
    ['addresses of a file', /a file has no hosts/, { iss, source: { jwks_file: 'a', hosts: [] } }],
    [
      'a profile of no bundle',
      /only a spiffe_bundle/,
      { iss, source: { oidc: true, profile: 'https_web' } },
    ],
    [
      'another profile',
      /profile/,
      { iss: domain, use: 'jwt-svid', source: { ...bundle, profile: 'https_spiffe' } },
    ],
    ['a bundle of no trust domain', /stand for "spiffe:/, { iss, use: 'jwt-svid', source: bundle }],
    [
      'a bundle of a workload',
      /stand for "spiffe:/,
      { iss: `${domain}/w`, use: 'jwt-svid', source: bundle },
    ],
    ['a bundle without use', /must be "jwt-svid" or "wit-svid"/, { iss: domain, source: bundle }],
    [
      'a bundle for sig',
      /must be "jwt-svid" or "wit-svid"/,
      { iss: domain, use: 'sig', source: bundle },
    ],
    [
      'SPIFFE and Ed25519',
      /are of ES256/,
      { iss: domain, use: 'jwt-svid', algs: ['Ed25519'], source: bundle },
    ],
    [
      'a key set for SVIDs',
      /is for keys of a SPIFFE bundle/,
      { iss, use: 'jwt-svid', source: { oidc: true } },
    ],
    [
      'one source twice',
      /anchors\.1: an entry before it/,
      { iss, source: { oidc: true } },
      { iss, source: { oidc: true }, max_depth: 1 },
    ],
  ])('with %s is refused by name', (_, says, ...anchors) => {
    expect(refusal(...anchors)).toMatch(says)
  })
  it('is as the documentation shows it', () => {
    const page = readFileSync(new URL('../../../docs/trust.md', import.meta.url), 'utf8')
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const { sourced, given } = parseTrustFile(JSON.parse(example), 'docs/trust.md')
    expect(sourced.map(({ source }) => source.kind)).toEqual(['oidc', 'spiffe_bundle', 'jwks'])
    expect(given.owners).toHaveLength(1)
  })

  it('does not merge two trust domains: one bundle is of one domain', () => {
    const two = [domain, 'spiffe://other.org'].map((name) => ({
      iss: name,
      use: 'jwt-svid',
      source: bundle,
    }))
    expect(refusal(...two)).toMatch(/anchors\.1: the bundle of spiffe:\/\/example\.org cannot be/)
  })
})
