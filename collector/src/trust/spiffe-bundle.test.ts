import { readFileSync } from 'node:fs'
import { createLocalJWKSet } from 'jose'
import { describe, expect, it } from 'vitest'
import { parseSpiffeBundle } from './spiffe-bundle.ts'

const BUNDLE = readFileSync(new URL('fixtures/spiffe-bundle.json', import.meta.url))
const document = JSON.parse(BUNDLE.toString()) as { keys: Record<string, string>[] }
const parse = (value: unknown) => parseSpiffeBundle(Buffer.from(JSON.stringify(value)))
const jwt = document.keys.find(({ use, kty }) => use === 'jwt-svid' && kty === 'EC')

describe('a bundle that SPIFFE software made', () => {
  it('gives its token keys by use, how often to ask, and its sequence', () => {
    const { keys, ...rest } = parseSpiffeBundle(BUNDLE)
    expect(keys.map(({ kid, use, jwk }) => [kid, use, jwk.alg])).toEqual([
      ['jwt-2026-11', 'jwt-svid', 'ES256'],
      ['wit-2026-11', 'wit-svid', 'ES256'],
    ])
    expect(rest).toEqual({
      skipped: ['key "jwt-rsa" is of "RSA", not of Ed25519 or ES256'],
      revoked: false,
      sequence: 7,
      refreshHint: 300,
    })
  })

  it('would give a usual key set nothing: its uses are none that JOSE knows', async () => {
    const find = createLocalJWKSet(document as Parameters<typeof createLocalJWKSet>[0])
    await expect(find({ alg: 'ES256', kid: 'jwt-2026-11' })).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    })
  })
})

describe('a SPIFFE bundle', () => {
  it('without any key says that its domain is revoked; without a list it says nothing', () => {
    expect(parse({ keys: [] })).toMatchObject({ keys: [], revoked: true })
    expect(() => parse({ keys: null })).toThrow(/no list "keys"/)
    expect(() => parse({})).toThrow(/no list "keys"/)
  })

  it('that keeps only X.509 authorities has no token keys and is not revoked', () => {
    const keys = document.keys.filter(({ use }) => use === 'x509-svid')
    expect(parse({ keys })).toMatchObject({ keys: [], skipped: [], revoked: false })
  })

  it('gives no key without a use, nor of a use that is not of SPIFFE', () => {
    const { use: _, ...unused } = jwt ?? {}
    const { keys, skipped } = parse({ keys: [unused, { ...jwt, kid: 'other', use: 'sig' }] })
    expect(keys).toEqual([])
    expect(skipped).toHaveLength(2)
  })

  it('in which one key stands for two uses is refused', () => {
    const keys = [jwt, { ...jwt, kid: 'again', use: 'wit-svid' }]
    expect(() => parse({ keys })).toThrow(/one key twice/)
  })

  it('with a sequence or a hint that is no whole number is refused', () => {
    expect(() => parse({ keys: [], spiffe_sequence: -1 })).toThrow(/spiffe_sequence/)
    expect(() => parse({ keys: [], spiffe_refresh_hint: '300' })).toThrow(/spiffe_refresh_hint/)
  })
})
