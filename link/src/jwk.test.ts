import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { LinkError } from './errors.ts'
import { jwkThumbprint, parseHolderKey, parsePublicJwk, thumbprintUri } from './jwk.ts'
import { nodeSigner } from './signer.ts'
import { party } from './testing/party.ts'

const ED: { kty: 'OKP'; crv: 'Ed25519'; alg: 'Ed25519'; x: string } = {
  kty: 'OKP',
  crv: 'Ed25519',
  alg: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}

test('the thumbprint is that of RFC 8037, appendix A.3', () => {
  expect(jwkThumbprint(ED)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  expect(thumbprintUri(ED)).toMatch(/^urn:ietf:params:oauth:jwk-thumbprint:sha-256:kPrK/)
})

test('each of the fourteen small-order encodings is refused', () => {
  for (const hex of SMALL_ORDER) {
    const x = Buffer.from(hex, 'hex').toString('base64url')
    expect(parsePublicJwk({ ...ED, x })).toEqual({ code: 'weak_key' })
    expect(parseHolderKey({ ...ED, x })).toEqual({ code: 'weak_key' })
  }
  expect(new Set(SMALL_ORDER).size).toBe(14)
})

test.each<[string, object]>([
  ['a private member', { ...ED, d: ED.x }],
  ['another curve', { ...ED, crv: 'X25519' }],
  ['another algorithm', { ...ED, alg: 'EdDSA' }],
  ['no algorithm', { kty: ED.kty, crv: ED.crv, x: ED.x }],
  ['a short coordinate', { ...ED, x: ED.x.slice(1) }],
  ['unused bits set in the coordinate', { ...ED, x: `${ED.x.slice(0, -1)}p` }],
  ['a padded coordinate', { ...ED, x: `${ED.x}=` }],
  ['a symmetric key', { kty: 'oct', k: 'AAAA', alg: 'HS256' }],
  ['a point that is not on the curve', { kty: 'EC', crv: 'P-256', alg: 'ES256', x: ED.x, y: ED.x }],
  ['a use other than signatures', { ...ED, use: 'enc' }],
  ['operations without verify', { ...ED, key_ops: ['sign'] }],
  ['operations that are no list', { ...ED, key_ops: 'verify' }],
  ['an RSA key', { kty: 'RSA', n: ED.x, e: 'AQAB', alg: 'RS256' }],
])('a key with %s is malformed', (_, jwk) => {
  expect(parsePublicJwk(jwk)).toMatchObject({ code: 'malformed' })
})

test('nothing but a JWK is a key', () => {
  for (const value of [null, undefined, 1, 'x', [], [ED], new Map()])
    expect(parsePublicJwk(value)).toMatchObject({ code: 'malformed' })
})

test('a key set may name a key, a token may not', () => {
  const named = { ...ED, kid: 'a', use: 'sig', key_ops: ['verify'] }
  expect(parsePublicJwk(named)).toEqual({ jwk: ED, jkt: jwkThumbprint(ED), uri: thumbprintUri(ED) })
  expect(parseHolderKey(named)).toMatchObject({ code: 'malformed' })
})

test('a signer is made of an Ed25519 or P-256 private key and of nothing else', () => {
  expect(party('Ed25519').jwk.alg).toBe('Ed25519')
  expect(party('ES256').jwk.alg).toBe('ES256')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const ed = generateKeyPairSync('ed25519')
  for (const key of [rsa.privateKey, p384.privateKey, ed.publicKey])
    expect(() => nodeSigner(key)).toThrow(LinkError)
})

const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
]
