import { generateKeyPairSync } from 'node:crypto'
import {
  type Anchor,
  isFault,
  issueLink,
  nodeSigner,
  parsePublicJwk,
  verifyChain,
} from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, T0, TOOL } from '../harness/story.ts'
import { refused } from './attack.ts'

const A = { iss: 'https://a.example.com', kid: 'root', jwk: keyOf('a').jwk }
const B = { iss: 'https://b.example.com', kid: 'root', jwk: keyOf('b').jwk }

function rootBy(name: string, iss: string, iat = T0): string {
  return issueLink({
    signer: keyOf(name),
    iss,
    kid: 'root',
    sub: 'person:alice',
    holder: keyOf('agent:planner').jwk,
    act: { sub: 'agent:planner', sub_profile: 'ai_agent' },
    tools: { [TOOL.deploy]: env('staging') },
    iat,
  }).text
}

function outcome(text: string, anchors: readonly Anchor[], at = T0 + 5) {
  return verifyChain([text], { anchors, at }).outcome
}

describe('keys', () => {
  refused(
    'a weak key in cnf is refused: small order, no point',
    'C10',
    'weak_key:cnf',
    'malformed:cnf',
  )
  refused('a key for encryption in cnf is refused', 'C21', 'malformed:cnf')
  refused('a use beside the key in cnf is refused', 'C22', 'malformed:cnf')
  refused('operations beside the key in cnf are refused', 'C23', 'malformed:cnf')
  refused('a private key in cnf is refused', 'C11', 'malformed:cnf')
  refused('a symmetric key in cnf is refused', 'C12', 'malformed:cnf')
  refused('a key without alg in cnf is refused', 'C17', 'malformed:cnf')
  refused('a thumbprint beside the key in cnf is refused', 'C18', 'malformed:cnf')
  refused('a kid whose configured key is another is refused', 'T07', 'signature_invalid')

  it('a duplicate kid does not let one issuer sign for another', () => {
    const anchors = [A, B]
    expect(outcome(rootBy('a', A.iss), anchors)).toEqual({ state: 'ok' })
    expect(outcome(rootBy('b', B.iss), anchors)).toEqual({ state: 'ok' })
    for (const [name, iss] of [
      ['a', B.iss],
      ['b', A.iss],
    ] as const)
      expect(outcome(rootBy(name, iss), anchors)).toMatchObject({ code: 'issuer_mismatch' })
  })

  it('a key that was rotated out vouches for nothing issued since', () => {
    const retired = { ...A, valid_until: T0 + 100 }
    const next = { ...A, jwk: keyOf('a2').jwk, valid_from: T0 + 100 }
    const anchors = [retired, next]
    expect(outcome(rootBy('a', A.iss, T0 + 99), anchors, T0 + 200)).toEqual({ state: 'ok' })
    expect(outcome(rootBy('a2', A.iss, T0 + 100), anchors, T0 + 200)).toEqual({ state: 'ok' })
    for (const text of [rootBy('a', A.iss, T0 + 100), rootBy('a2', A.iss, T0 + 99)])
      expect(outcome(text, anchors, T0 + 200)).toMatchObject({
        state: 'unknown',
        code: 'issuer_untrusted',
        detail: 'key_out_of_time',
      })
  })

  it('a configured key of another algorithm under the same kid is refused', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const anchors = [{ ...A, jwk: nodeSigner(privateKey).jwk }]
    expect(outcome(rootBy('a', A.iss), anchors)).toMatchObject({ code: 'alg_key_mismatch' })
  })

  it('a weak, private, foreign or misspelt key is refused from configuration too', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const weak = { kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', x: `AQ${'A'.repeat(41)}` }
    const keys: readonly unknown[] = [
      weak,
      { ...A.jwk, d: 'x' },
      { ...A.jwk, alg: 'EdDSA' },
      { ...A.jwk, alg: 'ES256' },
      { ...A.jwk, k: 'x' },
      { ...A.jwk, use: 'enc' },
      { ...A.jwk, key_ops: ['sign'] },
      { ...A.jwk, x: `${A.jwk.x}=` },
      { kty: 'oct', k: 'AAAA', alg: 'HS256' },
      privateKey.export({ format: 'jwk' }),
      null,
      [],
      'x',
    ]
    for (const key of keys) expect(isFault(parsePublicJwk(key))).toBe(true)
  })

  it('a signature that holds for every text under a weak anchor is refused', () => {
    const weak = { kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', x: `AQ${'A'.repeat(41)}` } as const
    const [header, payload] = rootBy('a', A.iss).split('.')
    const forged = `${header}.${payload}.${Buffer.concat([
      Buffer.from('01'.padEnd(64, '0'), 'hex'),
      Buffer.alloc(32),
    ]).toString('base64url')}`
    expect(outcome(forged, [{ ...A, jwk: weak }])).toMatchObject({ code: 'weak_key' })
    expect(outcome(forged, [A])).toMatchObject({ code: 'signature_invalid' })
  })
})
