import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyOf } from '../../../test/harness/story.ts'
import { parseKeySet } from './key-set.ts'

const ed25519 = { ...keyOf('set').jwk, kid: 'ed', use: 'sig' }
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ec = { ...p256.publicKey.export({ format: 'jwk' }), kid: 'ec' }
const rsa = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
  kid: 'rsa',
  alg: 'RS256',
}

const parse = (document: unknown) => parseKeySet(Buffer.from(JSON.stringify(document)))
const set = (...keys: unknown[]) => parse({ keys })

describe('a JWK set', () => {
  it('gives the keys of the profile, with the algorithm that their curve leaves', () => {
    const { alg: _, ...bare } = ed25519
    const { keys, skipped } = set({ ...bare, alg: 'EdDSA', x5c: ['MII'] }, ec)
    expect(keys).toEqual([
      { kid: 'ed', use: 'sig', jwk: keyOf('set').jwk },
      { kid: 'ec', jwk: { kty: 'EC', crv: 'P-256', x: ec.x, y: ec.y, alg: 'ES256' } },
    ])
    expect(skipped).toEqual([])
  })

  it.each([
    ['another type', rsa, 'key "rsa" is of "RS256", not of Ed25519 or ES256'],
    ['another algorithm', { ...ec, alg: 'ECDH-ES' }, 'key "ec" is of "ECDH-ES"'],
    ['another use', { ...ed25519, use: 'enc' }, 'key "ed" is for "enc"'],
    ['another operation', { ...ed25519, key_ops: ['deriveKey'] }, 'key "ed" is not for verifying'],
    ['no name', { ...ed25519, kid: undefined }, 'key number 1 has no "kid"'],
    ['a broken coordinate', { ...ed25519, x: 'AA' }, 'key "ed" is malformed'],
    ['a point of small order', { ...ed25519, x: `${'A'.repeat(42)}A` }, 'key "ed" is weak'],
    ['a name that writes on a terminal', { ...rsa, kid: '\u001b[2J\u202e' }, 'key "\\u001b[2J?"'],
  ])('passes over a key of %s, and says so', (_, key, says) => {
    const { keys, skipped } = set(key)
    expect(keys).toEqual([])
    expect(skipped).toEqual([expect.stringContaining(says)])
  })

  it('with one name twice is refused as a whole', () => {
    expect(() => set(ed25519, { ...ec, kid: 'ed' })).toThrow(/two keys called "ed"/)
  })

  it('with a private key is refused as a whole', () => {
    const secret = { ...p256.privateKey.export({ format: 'jwk' }), kid: 'p' }
    expect(() => set(ed25519, secret)).toThrow(/private or symmetric/)
  })

  it.each([
    ['a symmetric key', [ed25519, { kty: 'oct', k: 'c2VjcmV0', kid: 's' }], /private or symmetric/],
    ['keys of a SPIFFE bundle', [{ ...ec, use: 'jwt-svid' }], /is a SPIFFE bundle/],
    ['what is no key', ['x'], /a key that is none/],
    ['more keys than anybody has', Array(101).fill({ kty: 'EC' }), /more than 100 keys/],
  ])('with %s is refused as a whole', (_, keys, says) => {
    expect(() => set(...keys)).toThrow(says)
  })

  it.each([
    ['no list', { keys: {} }],
    ['null', { keys: null }],
    ['a list', []],
    ['a word', 'keys'],
  ])('that is %s is refused', (_, document) => {
    expect(() => parse(document)).toThrow(/has no list|is not a JSON object/)
  })

  it('is not read where it is too large, or not JSON, and is not repeated in the error', () => {
    expect(() => parseKeySet(Buffer.alloc(256 * 1024 + 1, 32))).toThrow(/more than 262144 bytes/)
    const hostile = [Buffer.from('secret text'), Buffer.from([0xff, 0xfe]), Buffer.from('')]
    for (const bytes of hostile) expect(() => parseKeySet(bytes)).toThrow(/^is not JSON$/)
    const deep = Buffer.from(`{"keys":${'['.repeat(100_000)}`)
    expect(() => parseKeySet(deep)).toThrow(/^is not JSON$/)
  })
})
