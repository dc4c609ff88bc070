import { randomBytes } from 'node:crypto'
import {
  type Json,
  type SignedBy,
  signJws,
  THIRD_PARTY_TYP,
  TYP,
  verifyApproval,
  verifyChain,
  verifyCompletion,
  verifyCredential,
  verifyDecision,
  verifyPop,
  verifyReceipt,
  verifyRegistry,
  verifyRevocation,
  verifyStatusList,
  verifyWorkloadIdentity,
} from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { keyOf, T0 } from '../harness/story.ts'
import { refused } from './attack.ts'

const root = keyOf('root')
const issuers = [{ iss: 'https://auth.example.com', kid: 'root', jwk: root.jwk }]

describe('one kind of token taken for another', () => {
  refused('an access token is refused as a link', 'A06', 'type_invalid')
  refused('a token without typ is refused as a link', 'A07', 'type_invalid')
  refused('a proof of possession is refused as a link', 'A08', 'type_invalid')
  refused('typ in other letter case is refused', 'A15', 'type_invalid')
  refused('typ with its media type prefix is refused', 'A16', 'type_invalid')
  refused('an approval is refused as a receipt', 'R05', 'type_invalid')
  refused('a receipt is refused as a proof of possession', 'J06', 'type_invalid')
  refused('a DPoP proof is refused as a proof of possession', 'J07', 'type_invalid')

  it('no text of one kind is taken for any other, however right its signature and claims', () => {
    for (const [name, typ] of Object.entries({ ...TYP, ...THIRD_PARTY_TYP })) {
      for (const kid of [{}, { kid: 'root' }]) {
        const text = signJws({ alg: root.alg, typ, ...kid }, everyClaim(), root)
        const taken = Object.keys(VERIFY).filter((kind) => typOutcome(kind, text))
        expect([name, ...taken]).toEqual([name, name])
      }
    }
  })
})

const by: SignedBy = issuers
const VERIFY: Readonly<Record<string, (text: string) => { readonly outcome: object }>> = {
  link: (text) => verifyChain([text], { anchors: issuers, at: T0 }),
  pop: (text) => verifyPop(text, root.jwk),
  approval: (text) => verifyApproval(text, issuers),
  decision: (text) => verifyDecision(text, issuers),
  receipt: (text) => verifyReceipt(text, by),
  completion: (text) => verifyCompletion(text, root.jwk),
  registry: (text) => verifyRegistry(text, issuers),
  credential: (text) => verifyCredential(text, issuers),
  revocation: (text) => verifyRevocation(text, by),
  statusList: (text) => verifyStatusList(text, { uri: 'x', issuers, askedAt: T0 }),
  workloadIdentity: (text) => verifyWorkloadIdentity(text, issuers),
}

/** Whether a verifier went beyond the type of the text. */
function typOutcome(kind: string, text: string): boolean {
  const outcome = VERIFY[kind]?.(text).outcome
  return !(outcome !== undefined && 'code' in outcome && outcome.code === 'type_invalid')
}

/** Everything that any of the types asks for, so that nothing but `typ` tells them apart. */
function everyClaim(): Json {
  const hash = randomBytes(32).toString('base64url')
  return {
    iss: 'https://auth.example.com',
    sub: 'person:alice',
    aud: 'https://tools.example.com/mcp',
    jti: '019a8c3e-7b10-7000-8000-000000000000',
    iat: T0,
    exp: T0 + 300,
    txn: 'task-1',
    aat_id: 'x',
    aat_hash: hash,
    aat_tool: 'https://tools.example.com/mcp#deploy',
    aat_aud: 'https://tools.example.com/mcp',
    action_hash: hash,
    request_hash: hash,
    evaluation_id: 'e',
    decision: true,
    result: { status: 'ok' },
    credential: hash,
    event: 'revoked',
    version: '1',
    entries: [],
    hta: {},
    amr: ['hwk'],
  }
}
