import { outcomeText } from '@delegraph/graph-schema'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { jwkThumbprint, parsePublicJwk } from '../jwk.ts'
import { IAT, party } from '../testing/party.ts'
import { foreignText } from '../testing/third-party.ts'
import type { Json, TrustedIssuer } from '../types.ts'
import { verifyWorkloadIdentity } from './workload-identity.ts'

const DOMAIN = 'spiffe://example.org'
const SUB = 'spiffe://example.org/agent/worker'
const signer = party('ES256')
const holder = party('ES256')
const issuers: readonly TrustedIssuer[] = [{ iss: DOMAIN, kid: 'k1', jwk: signer.jwk }]
const CLAIMS = { sub: SUB, iat: IAT, exp: IAT + 3600, jti: 'j1', cnf: { jwk: { ...holder.jwk } } }

function made(claims: object = {}, header: object = {}, by = signer): string {
  return foreignText(
    { alg: 'ES256', kid: 'k1', typ: 'wit+jwt', ...header } as Record<string, Json>,
    JSON.parse(JSON.stringify({ ...CLAIMS, ...claims })),
    by,
  )
}

function outcomeOfText(text: string, by = issuers): string {
  const { outcome } = verifyWorkloadIdentity(text, by)
  return outcomeText(outcome).replace(/^(failed|unknown):/, '')
}

describe('a workload identity token', () => {
  it('binds a key to an agent for a time', () => {
    const { identity } = verifyWorkloadIdentity(made(), issuers)
    const { jwk } = holder
    const jkt = jwkThumbprint(jwk)
    expect(identity).toEqual({ sub: SUB, iss: DOMAIN, jwk, jkt, from: IAT, until: IAT + 3600 })
    const later = verifyWorkloadIdentity(made({ nbf: IAT - 60 }), issuers)
    expect(later.identity?.from).toBe(IAT - 60)
    const open = verifyWorkloadIdentity(made({ iat: undefined }), issuers)
    expect(open.identity).not.toHaveProperty('from')
  })

  it.each(['Ed25519', 'ES256'] as const)('made by jose under %s verifies', async (alg) => {
    const pair = await generateKeyPair(alg)
    const parsed = parsePublicJwk({ ...(await exportJWK(pair.publicKey)), alg })
    if ('code' in parsed) throw new Error('jose makes keys that we read')
    const text = await new SignJWT({ cnf: { jwk: { ...holder.jwk } } })
      .setProtectedHeader({ typ: 'wit+jwt', alg, kid: 'k1' })
      .setSubject(SUB)
      .setExpirationTime(IAT + 60)
      .sign(pair.privateKey)
    expect(outcomeOfText(text, [{ iss: DOMAIN, kid: 'k1', jwk: parsed.jwk }])).toBe('ok')
  })

  it('of WIMSE may lack a kid, name its issuer, and call the algorithm of its key EdDSA', () => {
    const { jwk } = party('Ed25519')
    const text = made(
      {
        sub: 'wimse://example.com/specific-workload',
        iss: 'https://example.com',
        cnf: { jwk: { ...jwk, alg: 'EdDSA' } },
      },
      { kid: undefined },
    )
    const trusted = [{ iss: 'https://example.com', kid: 'any', jwk: signer.jwk }]
    const verdict = verifyWorkloadIdentity(text, trusted)
    expect(verdict.outcome).toEqual({ state: 'ok' })
    expect(verdict.identity?.jkt).toBe(jwkThumbprint(jwk))
  })

  it('of a SPIFFE domain may name any issuer: its domain is that of its sub', () => {
    expect(outcomeOfText(made({ iss: 'https://server.example.org' }))).toBe('ok')
  })

  it.each<[string, string, string]>([
    ['of another type', made({}, { typ: 'JWT' }), 'type_invalid'],
    ['that is a JWT-SVID', made({ cnf: undefined }, { typ: 'JWT' }), 'type_invalid'],
    [
      'of another trust domain',
      made({ sub: 'spiffe://example.com/agent' }),
      'issuer_mismatch:domain',
    ],
    [
      'of a longer domain',
      made({ sub: 'spiffe://example.org.evil/agent' }),
      'issuer_mismatch:domain',
    ],
    [
      'of a domain with a user',
      made({ sub: 'spiffe://example.org@evil/x' }),
      'issuer_mismatch:domain',
    ],
    [
      'of another scheme',
      made({ sub: 'wimse://example.org/agent/worker' }),
      'issuer_mismatch:domain',
    ],
    ['for the domain itself', made({ sub: 'spiffe://example.org/' }), 'issuer_mismatch:domain'],
    ['whose sub is no URI', made({ sub: 'agent:worker' }), 'issuer_mismatch:domain'],
    ['without sub', made({ sub: undefined }), 'malformed:sub'],
    ['without exp', made({ exp: undefined }), 'malformed:num'],
    ['without a key', made({ cnf: {} }), 'malformed:cnf'],
    [
      'with a thumbprint for a key',
      made({ cnf: { jkt: jwkThumbprint(holder.jwk) } }),
      'malformed:cnf',
    ],
    [
      'with a key without alg',
      made({ cnf: { jwk: { ...holder.jwk, alg: undefined } } }),
      'malformed:cnf',
    ],
    [
      'with a private key',
      made({ cnf: { jwk: { ...holder.jwk, d: 'A'.repeat(43) } } }),
      'malformed:cnf',
    ],
    [
      'with a secret for a key',
      made({ cnf: { jwk: { kty: 'oct', k: 'AAAA', alg: 'HS256' } } }),
      'malformed:cnf',
    ],
    ['with an audience', made({ aud: 'https://x.example' }), 'malformed:aud'],
    ['without kid', made({}, { kid: undefined }), 'malformed:header'],
    ['with an unknown kid', made({}, { kid: 'k2' }), 'issuer_untrusted'],
    ['with its own key in the header', made({}, { jwk: { ...signer.jwk } }), 'malformed:header'],
    ['by a stranger', made({}, {}, party('ES256')), 'signature_invalid'],
    ['under RS256', made({}, { alg: 'RS256' }), 'alg_not_allowed'],
  ])('%s is refused', (_, text, code) => {
    expect(outcomeOfText(text)).toBe(code)
  })

  it('of one domain is none of another, though both have the same key', () => {
    const merged = [...issuers, { iss: 'spiffe://other.example', kid: 'k1', jwk: signer.jwk }]
    expect(verifyWorkloadIdentity(made(), merged).identity?.iss).toBe(DOMAIN)
    expect(outcomeOfText(made(), merged.slice(1))).toBe('issuer_mismatch:domain')
  })

  it('by the key of an https issuer is refused where it names another issuer', () => {
    const trusted = [{ iss: 'https://example.org', kid: 'k1', jwk: signer.jwk }]
    expect(outcomeOfText(made({ iss: 'https://evil.example' }), trusted)).toBe('issuer_mismatch')
  })

  it('counts only where its key was in use when it was made', () => {
    const retired = issuers.map((issuer) => ({ ...issuer, valid_until: IAT }))
    expect(outcomeOfText(made(), retired)).toBe('issuer_untrusted:key_out_of_time')
    const early = made({ iat: IAT - 1 })
    expect(outcomeOfText(early, retired)).toBe('ok')
    expect(outcomeOfText(made({ iat: undefined }), retired)).toBe(
      'issuer_untrusted:key_out_of_time',
    )
  })
})
