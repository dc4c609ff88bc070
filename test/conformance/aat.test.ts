import { createPrivateKey } from 'node:crypto'
import {
  type JsonObject,
  nodeSigner,
  type Signer,
  signingInputHash,
  signJws,
  verifyChain,
  verifyPop,
} from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { aatCases, HAS_AAT } from './aat.ts'
import { AAT_DIFFERENCES, AAT_RESULTS, CODES_OF_STEP } from './aat-results.ts'

/**
 * The first vector of the draft's own suite, made again from its published keys (one repeated byte
 * each) and claims. Ed25519 is deterministic, so the result must be theirs byte for byte.
 */
const J1 = {
  hash: 'qz05CjO1S-iTk93CGKmiB8y7bRUdUAe67kXzUwyMzUU',
  signature:
    'G2ZIeMAY5H1nbG0j2f6R9hW8WsP98CC8ZA9-dLpNATy-i7DMR6iAHzgSrAhpdTVt1Y5urMK9iE0ZXMcLHzrHBg',
  popSignature:
    'Dod0rnn_6OlvM2upQlbY0trWOJPM80GEuZn6gUJr0vOmWrjdWEg_voQT-f-iKsgqGJ1KRdQqisbNgaNJ5OBOAQ',
}
const ISS = 'https://auth.example.com'
const NOW = 1704067500
const control = keyOf('01')
const orchestrator = keyOf('02')
const HEADER = { alg: 'Ed25519', typ: 'aat+jwt' }
const { alg: _, ...bare } = orchestrator.jwk
const TOOLS = { read_file: { path: { constraint_type: 'wildcard' } } }
const CLAIMS: JsonObject = {
  jti: '019471f8-0000-7000-8000-000000000001',
  iss: ISS,
  iat: 1704067200,
  exp: 1704070800,
  del_depth: 0,
  del_max_depth: 3,
  cnf: { jwk: bare },
  authorization_details: [{ type: 'attenuating_agent_token', tools: TOOLS }],
}
const J1_TEXT = signJws(HEADER, CLAIMS, control)

describe('a plain token of the draft', () => {
  it('has the bytes, the signature and the hash that its authors give', () => {
    expect(J1_TEXT.split('.')[2]).toBe(J1.signature)
    expect(signingInputHash(J1_TEXT)).toBe(J1.hash)
  })

  it('has a proof of possession that the profile takes as it is', () => {
    const pop = {
      aat_aud: 'https://tools.example.com',
      aat_hash: J1.hash,
      aat_id: '019471f8-0000-7000-8000-000000000001',
      aat_tool: 'read_file',
      hta: { path: '/data/q3-report.pdf' },
      iat: NOW,
      jti: '019471f8-0000-7000-8000-000000000a01',
    }
    const text = signJws({ alg: 'Ed25519', typ: 'aat-pop+jwt' }, pop, orchestrator)
    expect(text.split('.')[2]).toBe(J1.popSignature)
    expect(verifyPop(text, orchestrator.jwk).outcome).toEqual({ state: 'ok' })
  })

  it('is refused for what the profile asks for besides, and taken with all of it', () => {
    const kid = { ...HEADER, kid: 'anchor' }
    const withAlg = { ...CLAIMS, cnf: { jwk: { ...orchestrator.jwk } } }
    const uris = { 'https://files.example.com/mcp#read_file': TOOLS.read_file }
    const detail = [{ type: 'attenuating_agent_token', tools: uris }]
    const named = { ...withAlg, authorization_details: detail, sub: 'u', txn: 't' }
    const act = { sub: 'a', sub_profile: 'ai_agent' }
    expect([
      strict(HEADER, CLAIMS),
      strict(kid, CLAIMS),
      strict(kid, withAlg),
      strict(kid, { ...withAlg, authorization_details: detail }),
      strict(kid, { ...named, txn: '' }),
      strict(kid, named),
      strict(kid, { ...named, act }),
    ]).toEqual([
      'issuer_untrusted:kid_absent',
      'malformed:cnf',
      'malformed:sub',
      'malformed:sub',
      'malformed:txn',
      'malformed:act',
      'ok',
    ])
    expect(
      strict(kid, { ...named, act, authorization_details: CLAIMS['authorization_details'] ?? [] }),
    ).toBe('malformed:tool')
  })

  it('is permitted in the mode of the draft, and refused where a byte of it is another', () => {
    const file = {
      params: {
        audience: 'https://tools.example.com',
        max_delegation_depth: 8,
        max_token_lifetime: 7_776_000,
      },
      trust_anchors: [{ iss: ISS, jwk: { kty: 'OKP', crv: 'Ed25519', x: control.jwk.x } as const }],
      vectors: [permit('J.1', J1_TEXT), permit('forged', broken(J1_TEXT))],
    }
    const strict = 'issuer_untrusted:kid_absent'
    expect(aatCases(file)).toEqual([
      { id: 'J.1', verdict: 'PERMIT', step: '', plain: 'ok', strict },
      { id: 'forged', verdict: 'PERMIT', step: '', plain: 'signature_invalid', strict },
    ])
  })
})

it('every difference is listed once, with a step that has codes and a reason', () => {
  const ids = AAT_DIFFERENCES.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(AAT_DIFFERENCES.every(({ step }) => CODES_OF_STEP[step] !== undefined)).toBe(true)
  expect(AAT_DIFFERENCES.every(({ reason }) => reason.length > 20)).toBe(true)
})

// Not a skipped test: the suite is no part of the vectors that a checkout is expected to have.
if (HAS_AAT) {
  describe('the suite of the draft', () => {
    const cases = aatCases()

    it('has no token that the strict profile takes', () => {
      expect(cases.filter((one) => one.strict === 'ok')).toEqual([])
    })

    it('is permitted and denied by the mode of the draft as its authors want', () => {
      const permitted = cases.filter(({ verdict }) => verdict === 'PERMIT').length
      const denied = cases.length - permitted
      expect({ cases: cases.length, permitted, denied }).toEqual(AAT_RESULTS)
      expect(
        cases.filter(({ verdict, plain }) => (plain === 'ok') !== (verdict === 'PERMIT')),
      ).toEqual([])
    })

    it('is refused at the step that each vector names, but for the differences listed', () => {
      const elsewhere = cases
        .filter(({ verdict, step, plain }) => {
          return verdict === 'DENY' && CODES_OF_STEP[step]?.includes(plain) !== true
        })
        .map(({ id, step, plain: code }) => ({ id, step, code }))
      const listed = AAT_DIFFERENCES.map(({ reason: _, ...difference }) => difference)
      expect(elsewhere).toEqual(listed)
    })
  })
}

function keyOf(byte: string): Signer {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const key = Buffer.concat([prefix, Buffer.from(byte.repeat(32), 'hex')])
  return nodeSigner(createPrivateKey({ key, format: 'der', type: 'pkcs8' }))
}

function strict(header: JsonObject, claims: JsonObject): string {
  const anchors = [{ iss: ISS, kid: 'anchor', jwk: control.jwk }]
  const { outcome } = verifyChain([signJws(header, claims, control)], { anchors, at: NOW })
  if (outcome.state === 'ok' || outcome.state === 'not_applicable') return 'ok'
  return outcome.detail === undefined ? outcome.code : `${outcome.code}:${outcome.detail}`
}

function permit(id: string, text: string) {
  const args = { path: '/data/q3-report.pdf' }
  const pop = {
    aat_aud: 'https://tools.example.com',
    aat_hash: signingInputHash(text) ?? '',
    aat_id: String(CLAIMS['jti']),
    aat_tool: 'read_file',
    hta: args,
    iat: NOW,
    jti: 'proof',
  }
  return {
    id,
    now: NOW,
    tool: 'read_file',
    args,
    policy: {},
    chain_compact: [text],
    pop: { compact: signJws({ alg: 'Ed25519', typ: 'aat-pop+jwt' }, pop, orchestrator) },
    expected: { verdict: 'PERMIT', step: null } as const,
  }
}

function broken(text: string): string {
  return text.replace(/.{8}$/, 'AAAAAAAA')
}
