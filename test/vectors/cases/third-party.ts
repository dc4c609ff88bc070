import { deflateSync } from 'node:zlib'
import { type Alg, type Json, jwkThumbprint, type TrustedIssuer } from '@delegraph/link'
import { PARTIES } from '../keys.ts'
import { encode, IAT, signText } from '../maker.ts'

/** One token of somebody else with what a verifier must say of it. */
export interface ThirdPartyCase {
  readonly id: string
  readonly title: string
  readonly kind: 'status_list' | 'workload_identity'
  readonly text: string
  /** Of a status list: the URI that was asked, and when (NumericDate). */
  readonly uri?: string
  readonly asked_at?: number
  readonly issuers: readonly TrustedIssuer[]
  readonly expect: string
  /** Of a status list: bits of an entry, the time in which it holds, and values by index. */
  readonly bits?: number
  readonly from?: number
  readonly until?: number
  readonly values?: Readonly<Record<string, number>>
  /** Of a workload identity. */
  readonly identity?: Json
}

const ISS = 'https://auth.example.com'
const URI = `${ISS}/status/7`
const DOMAIN = 'spiffe://example.org'
const SUB = `${DOMAIN}/agent/worker`

/** S: status list tokens; J: workload identity tokens. Their JSON is in no canonical form, on purpose. */
export function thirdPartyCases(alg: Alg): readonly ThirdPartyCase[] {
  return [...statusListCases(alg), ...identityCases(alg)]
}

function statusListCases(alg: Alg): readonly ThirdPartyCase[] {
  const { root, stranger } = PARTIES[alg]
  const issuers = [{ iss: ISS, kid: 'root-2026-11', jwk: root.jwk }]
  const header = { typ: 'statuslist+jwt', kid: 'root-2026-11', alg }
  const claims = { sub: URI, iat: IAT, exp: IAT + 7200, ttl: 3600 }
  // The byte arrays of draft-ietf-oauth-status-list-21, section 4.1.
  const one = { bits: 1, lst: packed([0xb9, 0xa3]) }
  const two = { bits: 2, lst: packed([0xc9, 0x44, 0xf9]) }
  const case_ = (
    id: string,
    title: string,
    expect: string,
    change: object,
    more: Partial<ThirdPartyCase> & {
      readonly header?: object
      readonly signer?: typeof root
    } = {},
  ): ThirdPartyCase => {
    const { header: other = {}, signer = root, ...rest } = more
    const payload = { ...claims, status_list: one, ...change }
    const text = signText(JSON.stringify({ ...header, ...other }), JSON.stringify(payload), signer)
    const asked = { uri: URI, asked_at: IAT + 60, issuers }
    return { id, title, kind: 'status_list', text, ...asked, expect, ...rest }
  }
  const held = { from: IAT, until: IAT + 3600 }
  return [
    case_(
      'S01',
      'a list of one bit',
      'ok',
      {},
      {
        ...held,
        bits: 1,
        values: { 0: 1, 1: 0, 3: 1, 7: 1, 8: 1, 10: 0, 15: 1 },
      },
    ),
    case_(
      'S02',
      'a list of two bits',
      'ok',
      { status_list: two },
      {
        ...held,
        bits: 2,
        values: { 0: 1, 1: 2, 2: 0, 3: 3, 9: 2, 11: 3 },
      },
    ),
    case_('S03', 'exp before iat + ttl', 'ok', { exp: IAT + 90 }, { from: IAT, until: IAT + 90 }),
    case_(
      'S04',
      'neither exp nor ttl: the second in which it was made',
      'ok',
      { exp: undefined, ttl: undefined },
      { from: IAT, until: IAT + 1 },
    ),
    case_('S05', 'sub is another list', 'status_unknown:sub', { sub: `${URI}0` }),
    case_('S06', 'by a stranger', 'signature_invalid', {}, { signer: stranger }),
    case_(
      'S07',
      'typ with its media type prefix',
      'type_invalid',
      {},
      {
        header: { typ: 'application/statuslist+jwt' },
      },
    ),
    case_('S08', 'dated ahead of the question', 'not_yet_valid', { iat: IAT + 91 }),
    case_('S09', 'exp is no whole number', 'malformed:num', { exp: IAT + 0.5 }),
    case_('S10', 'entries of three bits', 'malformed:status_list', {
      status_list: { ...one, bits: 3 },
    }),
    case_('S11', 'inflates to 16 MiB', 'oversized:lst', {
      status_list: { bits: 1, lst: packed(Buffer.alloc(16 * 1024 * 1024)) },
    }),
    case_(
      'S12',
      'brings its key along',
      'malformed:header',
      {},
      { header: { jwk: { ...root.jwk } } },
    ),
    case_('S13', 'iss is another issuer', 'issuer_mismatch', { iss: 'https://evil.example' }),
  ]
}

function packed(bytes: Uint8Array | readonly number[]): string {
  return encode(deflateSync(Uint8Array.from(bytes), { level: 9 }))
}

function identityCases(alg: Alg): readonly ThirdPartyCase[] {
  const { workloads, stranger, poster } = PARTIES[alg]
  const issuers = [{ iss: DOMAIN, kid: 'd1', jwk: workloads.jwk }]
  const header = { typ: 'wit+jwt', kid: 'd1', alg }
  const claims = { sub: SUB, iat: IAT, exp: IAT + 3600, jti: 'w1', cnf: { jwk: { ...poster.jwk } } }
  const case_ = (
    id: string,
    title: string,
    expect: string,
    change: object,
    more: Partial<ThirdPartyCase> & {
      readonly header?: object
      readonly signer?: typeof poster
    } = {},
  ): ThirdPartyCase => {
    const { header: other = {}, signer = workloads, ...rest } = more
    const payload = JSON.stringify({ ...claims, ...change })
    const text = signText(JSON.stringify({ ...header, ...other }), payload, signer)
    return { id, title, kind: 'workload_identity', text, issuers, expect, ...rest }
  }
  const bound = { sub: SUB, jkt: jwkThumbprint(poster.jwk), until: IAT + 3600 }
  return [
    case_('U01', 'a WIT-SVID', 'ok', {}, { identity: { ...bound, from: IAT } }),
    case_(
      'U02',
      'nbf before iat',
      'ok',
      { nbf: IAT - 30 },
      {
        identity: { ...bound, from: IAT - 30 },
      },
    ),
    case_('U03', 'another trust domain', 'issuer_mismatch:domain', {
      sub: 'spiffe://example.com/agent/worker',
    }),
    case_('U04', 'a longer trust domain', 'issuer_mismatch:domain', {
      sub: 'spiffe://example.org.evil/agent/worker',
    }),
    case_('U05', 'by a stranger', 'signature_invalid', {}, { signer: stranger }),
    case_('U06', 'of another type', 'type_invalid', {}, { header: { typ: 'JWT' } }),
    case_('U07', 'a private key in cnf', 'malformed:cnf', {
      cnf: { jwk: { ...poster.jwk, d: 'A'.repeat(43) } },
    }),
    case_('U08', 'no exp', 'malformed:num', { exp: undefined }),
    case_('U09', 'with an audience', 'malformed:aud', { aud: 'https://erp.example.com' }),
    case_(
      'U10',
      'brings its key along',
      'malformed:header',
      {},
      {
        header: { jwk: { ...stranger.jwk } },
        signer: stranger,
      },
    ),
  ]
}
