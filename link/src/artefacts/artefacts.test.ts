import { describe, expect, test } from 'vitest'
import { actionHash, restHash } from '../action.ts'
import { SESSION_REVOKED } from '../constants.ts'
import { decodeUnverified } from '../decode.ts'
import { LinkError } from '../errors.ts'
import { newSalt } from '../ids.ts'
import { party } from '../testing/party.ts'
import { signApproval, verifyApproval } from './approval.ts'
import { signCompletion, verifyCompletion } from './completion.ts'
import { signDecision, verifyDecision } from './decision.ts'
import { type ReceiptClaims, signReceipt, verifyReceipt } from './receipt.ts'
import { signRegistry, verifyRegistry } from './registry.ts'
import { revokedFrom, signRevocation, verifyRevocation } from './revocation.ts'

const HASH = 'LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE'
const TOOL = 'https://ops.example.com/mcp#deploy'
const AUD = 'https://ops.example.com/mcp'
const agent = party()
const service = party('ES256')
const trusted = [{ iss: 'https://service.example.com', kid: 'k1', jwk: service.jwk }]
const args = { service: 'staging' }
const rest = restHash({ note: 'private' }, newSalt())
const action_hash = actionHash({ aud: AUD, args, rest, tool: TOOL })

const receipt: Omit<ReceiptClaims, 'iss' | 'jti'> = {
  aud: 'https://collector.example.com',
  iat: 1795400261,
  txn: 'task-1',
  aat_hash: HASH,
  aat_tool: TOOL,
  aat_aud: AUD,
  action_hash,
  args,
  arg_names: ['note', 'service'],
  rest,
  result: { status: 'ok' },
}
const approval = {
  iss: 'https://service.example.com',
  sub: 'u_alice',
  aud: AUD,
  iat: 1795400200,
  exp: 1795400500,
  aat_hash: HASH,
  aat_tool: TOOL,
  action_hash,
  decision: 'approve',
  amr: ['hwk'],
  args,
  rest,
} as const

describe('what is signed verifies, and says what was said', () => {
  test('receipt of an agent', () => {
    const signed = signReceipt({ signer: agent, claims: receipt })
    const verdict = verifyReceipt(signed.text, agent.jwk)
    expect(verdict).toMatchObject({
      outcome: { state: 'ok' },
      signature: 'valid',
      hash: signed.hash,
    })
    expect(verdict.claims).toEqual(signed.claims)
    expect(verdict.claims).toMatchObject(receipt)
  })

  test('receipt of a tool server', () => {
    const claims = { ...receipt, iss: 'https://service.example.com' }
    const signed = signReceipt({ signer: service, kid: 'k1', claims })
    expect(verifyReceipt(signed.text, trusted).outcome).toEqual({ state: 'ok' })
    expect(verifyReceipt(signed.text, service.jwk).outcome).toMatchObject({ code: 'malformed' })
  })

  test('approval', () => {
    const signed = signApproval({ signer: service, kid: 'k1', claims: approval })
    expect(verifyApproval(signed.text, trusted).claims).toEqual(signed.claims)
    expect(verifyApproval(signed.text, []).outcome).toMatchObject({ code: 'approver_untrusted' })
  })

  test('decision', () => {
    const claims = {
      iss: 'https://service.example.com',
      aud: 'https://collector.example.com',
      iat: 1795400258,
      evaluation_id: 'e1',
      request_hash: HASH,
      action_hash,
      decision: false,
    }
    const signed = signDecision({ signer: service, kid: 'k1', claims })
    expect(verifyDecision(signed.text, trusted).claims).toMatchObject(claims)
    const evaluation = {
      mode: 'enforce',
      decision: true,
      policies: ['a'],
      latency_us: 9,
      engine: 'cedar/4.13.0',
    } as const
    const said = { ...claims, policy: HASH, evaluation }
    const more = signDecision({ signer: service, kid: 'k1', claims: said })
    expect(verifyDecision(more.text, trusted).claims).toMatchObject(said)
    // What contradicts itself is not even signed.
    const wrong = { ...evaluation, decision: false }
    const sign = (change: object) =>
      signDecision({ signer: service, kid: 'k1', claims: { ...said, ...change } })
    expect(() => sign({ decision: true, evaluation: wrong })).toThrow('would refuse')
    expect(() => sign({ policy: '' })).toThrow('would refuse')
    expect(sign({ decision: true, evaluation: { ...wrong, mode: 'observe' } }).claims).toBeDefined()
  })

  test('completion', () => {
    const claims = { aud: 'https://c.example', iat: 1795400900, txn: 'task-1', aat_hash: HASH }
    const signed = signCompletion({ signer: agent, claims })
    expect(verifyCompletion(signed.text, agent.jwk).claims).toMatchObject(claims)
    expect(verifyCompletion(signed.text, party().jwk).outcome).toMatchObject({
      code: 'holder_binding_failed',
      detail: 'signature',
    })
  })

  test('revocation, from its own time or from its event', () => {
    const claims = {
      iss: 'https://service.example.com',
      aud: 'https://c.example',
      iat: 1795400400,
      sub_id: { format: 'jwt_id', iss: 'https://auth.example.com', jti: 'x' },
      events: { [SESSION_REVOKED]: {} },
    } as const
    const signed = signRevocation({ signer: service, kid: 'k1', claims })
    const verdict = verifyRevocation(signed.text, trusted)
    expect(verdict.claims === undefined ? 0 : revokedFrom(verdict.claims)).toBe(1795400400)
    const earlier = { ...signed.claims, events: { [SESSION_REVOKED]: { event_timestamp: 5 } } }
    expect(revokedFrom(earlier)).toBe(5)
  })

  test('registry, whose entries are opaque', () => {
    const claims = {
      iss: 'https://service.example.com',
      iat: 1795400000,
      version: '7',
      entries: [{ type: 'of a later version' }, 'x', null],
    }
    const signed = signRegistry({ signer: service, kid: 'k1', claims })
    expect(verifyRegistry(signed.text, trusted).claims).toEqual(claims)
  })
})

describe('near misses', () => {
  test('an unsigned text is read, and nothing of it is believed', () => {
    const signed = signReceipt({ signer: party(), claims: receipt })
    const verdict = verifyReceipt(signed.text, agent.jwk)
    expect(verdict).toMatchObject({ signature: 'invalid', outcome: { state: 'failed' } })
    expect(verdict.claims?.aat_tool).toBe(TOOL)
  })

  test('a receipt is no completion, whatever it holds', () => {
    const signed = signReceipt({ signer: agent, claims: receipt })
    expect(verifyCompletion(signed.text, agent.jwk).outcome).toMatchObject({ code: 'type_invalid' })
  })

  test('claims that no verifier would take are not signed', () => {
    const other = { ...receipt, args: { service: 'production' } }
    expect(() => signReceipt({ signer: agent, claims: other })).toThrow(LinkError)
    const long = { ...approval, exp: approval.iat + 3601 }
    expect(() => signApproval({ signer: service, kid: 'k1', claims: long })).toThrow(LinkError)
  })

  test('a text of five megabytes is refused before it is read', () => {
    const text = `${'A'.repeat(5_000_000)}.e30.AAAA`
    expect(decodeUnverified(text)).toEqual({ code: 'oversized' })
    expect(verifyReceipt(text, agent.jwk)).toMatchObject({
      outcome: { code: 'oversized' },
      hash: undefined,
      claims: undefined,
    })
  })

  test('a receipt larger than a receipt may be is refused, though a registry may be larger', () => {
    const text = signReceipt({ signer: agent, claims: receipt }).text
    const [header] = text.split('.')
    expect(decodeUnverified(`${header}.${'A'.repeat(20_000)}.AAAA`)).toEqual({ code: 'oversized' })
  })
})

test('decoding without a key routes a text by type, key id and content', () => {
  const signed = signApproval({ signer: service, kid: 'k1', claims: approval })
  expect(decodeUnverified(signed.text)).toMatchObject({
    typ: 'agent-approval+jwt',
    alg: 'ES256',
    kid: 'k1',
    hash: signed.hash,
    payload: { sub: 'u_alice' },
  })
})
