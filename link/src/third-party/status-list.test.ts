import { outcomeText } from '@delegraph/graph-schema'
import { importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../base64url.ts'
import { LIMITS } from '../constants.ts'
import { IAT, party } from '../testing/party.ts'
import { foreignText, packed } from '../testing/third-party.ts'
import type { Json } from '../types.ts'
import { verifyStatusList } from './status-list.ts'

const URI = 'https://auth.example.com/status/7'
const ISS = 'https://auth.example.com'
const signer = party('ES256')
const issuers = [{ iss: ISS, kid: '12', jwk: signer.jwk }]
const HEADER = { typ: 'statuslist+jwt', alg: 'ES256', kid: '12' }
const CLAIMS = {
  sub: URI,
  iat: IAT,
  exp: IAT + 7200,
  ttl: 3600,
  status_list: { lst: packed(1, 16, { 3: 1 }), bits: 1 },
}

function made(claims: object = {}, header: object = {}, by = signer): string {
  return foreignText(
    { ...HEADER, ...header } as Record<string, Json>,
    JSON.parse(JSON.stringify({ ...CLAIMS, ...claims })),
    by,
  )
}

function asked(text: string, more: Partial<Parameters<typeof verifyStatusList>[1]> = {}) {
  return verifyStatusList(text, { uri: URI, issuers, askedAt: IAT + 10, ...more })
}

function outcomeOfText(text: string, more?: Parameters<typeof asked>[1]): string {
  return outcomeText(asked(text, more).outcome).replace(/^(failed|unknown):/, '')
}

function valuesOf(bits: number, lst: string, indexes: readonly number[]) {
  const { answer } = asked(made({ status_list: { bits, lst } }))
  return indexes.map((idx) => answer?.value(idx))
}

describe('the entries of a list', () => {
  // draft-ietf-oauth-status-list-21, section 4.1: the two worked byte arrays and their compressed forms.
  it('are those of the example of one bit', () => {
    const lst = encodeBase64url(Buffer.from('78dadbb918000217015d', 'hex'))
    const indexes = [...Array(16).keys()]
    expect(valuesOf(1, lst, indexes)).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1])
  })

  it('are those of the example of two bits', () => {
    const lst = encodeBase64url(Buffer.from('78da3be9f2130003df0207', 'hex'))
    const indexes = [...Array(12).keys()]
    expect(valuesOf(2, lst, indexes)).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3])
  })

  // Its appendix names these values in lists of 2^20 entries.
  it.each([
    [1, { 0: 1, 1993: 1, 25460: 1, 159495: 1, 495669: 1, 554353: 1, 1000345: 1 }],
    [2, { 0: 1, 1993: 2, 25460: 1, 159495: 3, 645645: 2, 934534: 2, 1000345: 3 }],
    [4, { 0: 1, 1993: 2, 35460: 3, 459495: 4, 923232: 8, 1000345: 12, 1030205: 15 }],
    [8, { 52451: 1, 576778: 2, 884834: 8, 226064: 0, 326064: 25, 1024680: 123, 502167: 128 }],
  ])('are found in a long list of %i bits', (bits, values) => {
    const lst = packed(bits, 2 ** 20, values)
    const indexes = Object.keys(values).map(Number)
    expect(valuesOf(bits, lst, indexes)).toEqual(Object.values(values))
    expect(valuesOf(bits, lst, [2, 2 ** 20 - 1, 2 ** 20])).toEqual([0, 0, undefined])
  })

  it('are none outside of the list', () => {
    const found = valuesOf(1, packed(1, 16, {}), [15, 16, -1, 2 ** 52])
    expect(found).toEqual([0, undefined, undefined, undefined])
  })
})

describe('an answer', () => {
  it.each(['Ed25519', 'ES256'] as const)('verifies under %s, as jose says too', async (alg) => {
    const by = party(alg)
    const text = made({}, { alg }, by)
    const trusted = [{ iss: ISS, kid: '12', jwk: by.jwk }]
    expect(asked(text, { issuers: trusted })).toMatchObject({
      outcome: { state: 'ok' },
      issuers: [ISS],
    })
    const key = await importJWK(by.jwk, alg)
    const { payload } = await jwtVerify(text, key, {
      typ: 'statuslist+jwt',
      algorithms: [alg],
      currentDate: new Date(IAT * 1000),
    })
    expect(payload.sub).toBe(URI)
  })

  it('holds from iat to the earlier of exp and iat + ttl', () => {
    const span = (claims: object) => {
      const { answer } = asked(made(claims))
      return [answer?.from, answer?.until]
    }
    expect(span({})).toEqual([IAT, IAT + 3600])
    expect(span({ exp: IAT + 60 })).toEqual([IAT, IAT + 60])
    expect(span({ ttl: undefined })).toEqual([IAT, IAT + 7200])
    expect(span({ exp: undefined })).toEqual([IAT, IAT + 3600])
    expect(span({ exp: undefined, ttl: undefined })).toEqual([IAT, IAT + 1])
  })

  it('needs no canonical form, no kid and no iss, and may say more', () => {
    const payload = ` {"status_list":{"bits":1, "aggregation_uri":"https://auth.example.com/all",
      "lst":"${CLAIMS.status_list.lst}"}, "x":1.0, "iat":${IAT}, "sub":"${URI}", "ttl":3.6e3}`
    const text = foreignText({ typ: 'statuslist+jwt', cty: 'x', alg: 'ES256' }, payload, signer)
    expect(outcomeOfText(text)).toBe('ok')
  })

  it.each<[string, string, string]>([
    ['another typ', made({}, { typ: 'application/statuslist+jwt' }), 'type_invalid'],
    ['typ in other letter case', made({}, { typ: 'StatusList+JWT' }), 'type_invalid'],
    ['no signature algorithm', made({}, { alg: 'none' }), 'alg_not_allowed'],
    ['EdDSA, which names no curve', made({}, { alg: 'EdDSA' }), 'alg_not_allowed'],
    ['RS256', made({}, { alg: 'RS256' }), 'alg_not_allowed'],
    ['the algorithm of another key', made({}, { alg: 'Ed25519' }), 'alg_key_mismatch'],
    ['an unknown kid', made({}, { kid: '13' }), 'issuer_untrusted'],
    ['a key in its header', made({}, { jwk: { ...signer.jwk } }), 'malformed:header'],
    ['a key location in its header', made({}, { x5u: 'https://x.example' }), 'malformed:header'],
    ['critical members', made({}, { crit: ['exp'] }), 'malformed:header'],
    ['another signer', made({}, {}, party('ES256')), 'signature_invalid'],
    ['another issuer', made({ iss: 'https://evil.example' }), 'issuer_mismatch'],
    ['another list as its sub', made({ sub: `${URI}0` }), 'status_unknown:sub'],
    ['no sub', made({ sub: undefined }), 'malformed:sub'],
    ['no iat', made({ iat: undefined }), 'malformed:num'],
    ['a date that is ahead', made({ iat: IAT + 41, exp: IAT + 99 }), 'not_yet_valid'],
    ['a time that is no whole number', made({ exp: IAT + 0.5 }), 'malformed:num'],
    ['a time as text', made({ exp: String(IAT + 60) }), 'malformed:num'],
    ['an end before its beginning', made({ exp: IAT }), 'malformed:exp'],
    ['a ttl of nothing', made({ ttl: 0 }), 'malformed:ttl'],
    ['a ttl below nothing', made({ ttl: -1 }), 'malformed:num'],
    [
      'three bits',
      made({ status_list: { ...CLAIMS.status_list, bits: 3 } }),
      'malformed:status_list',
    ],
    [
      'bits as text',
      made({ status_list: { ...CLAIMS.status_list, bits: '1' } }),
      'malformed:status_list',
    ],
    ['no list', made({ status_list: { bits: 1 } }), 'malformed:status_list'],
    ['bytes that are no ZLIB', made({ status_list: { bits: 1, lst: 'AAAA' } }), 'malformed:lst'],
    ['a list in plain base64', made({ status_list: { bits: 1, lst: 'a+b/' } }), 'malformed:lst'],
    [
      'a list that is cut',
      made({ status_list: { bits: 1, lst: packed(1, 999, { 7: 1 }).slice(0, 12) } }),
      'malformed:lst',
    ],
  ])('is none with %s', (_, text, code) => {
    expect(outcomeOfText(text)).toBe(code)
    expect(asked(text).answer).toBeUndefined()
  })

  it('is none outside of the time in which its key was in use', () => {
    const retired = issuers.map((issuer) => ({ ...issuer, valid_until: IAT }))
    expect(outcomeOfText(made(), { issuers: retired })).toBe('issuer_untrusted:key_out_of_time')
  })

  it('that inflates without end is refused, and takes no memory', () => {
    const bomb = packed(8, 64 * 1024 * 1024, {})
    expect(bomb.length).toBeLessThan(LIMITS.statusListSize / 8)
    const before = process.memoryUsage().arrayBuffers
    expect(outcomeOfText(made({ status_list: { bits: 8, lst: bomb } }))).toBe('oversized:lst')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * LIMITS.statusListBytes)
  })

  it('that is too long is not read, and neither is JSON that is nested without end', () => {
    expect(outcomeOfText('a'.repeat(LIMITS.statusListSize + 1))).toBe('oversized')
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(outcomeOfText(foreignText(HEADER, deep, signer))).toMatch(/^malformed/)
    const wide = foreignText(HEADER, `{"x":${deep}}`, signer)
    expect(outcomeOfText(wide)).toMatch(/^malformed/)
  })
})
