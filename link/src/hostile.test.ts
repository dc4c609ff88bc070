import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verifyApproval } from './artefacts/approval.ts'
import { verifyReceipt } from './artefacts/receipt.ts'
import { verifyRegistry } from './artefacts/registry.ts'
import { verifyRevocation } from './artefacts/revocation.ts'
import { encodeBase64url } from './base64url.ts'
import { decodeUnverified } from './decode.ts'
import { issueLink, narrowLink } from './issue.ts'
import { signingInputHash, signJws } from './jws.ts'
import type { Signer } from './signer.ts'
import { anchorOf, DEPLOY, IAT, linkBy, party, rootBy } from './testing/party.ts'
import type { Constraint, Json } from './types.ts'
import { verifyChain } from './verify/verify-chain.ts'

const auth = party()
const holder = party()
const anchors = [anchorOf(auth)]
const trusted = [{ iss: 'https://auth.example.com', kid: 'root', jwk: auth.jwk }]
const root = issueLink(rootBy(auth, holder))
const HEADER = { alg: 'Ed25519', kid: 'root', typ: 'aat+jwt' }

/** Every entrance of the package, each asked about one text. */
function ask(text: string) {
  return [
    verifyChain([text], { anchors, at: IAT }).outcome,
    verifyChain([root.text, text], { anchors, at: IAT }).outcome,
    verifyReceipt(text, holder.jwk).outcome,
    verifyApproval(text, trusted).outcome,
    verifyRevocation(text, trusted).outcome,
    verifyRegistry(text, trusted).outcome,
  ]
}

test('random texts get an outcome and no exception', () => {
  const base64 = fc.string({ unit: fc.constantFrom(...'AZaz09-_='), maxLength: 200 })
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.tuple(base64, base64, base64).map((parts) => parts.join('.')),
    fc.jsonValue().map((value) => `${encodeBase64url(JSON.stringify(value))}.e30.AAAA`),
  )
  fc.assert(
    fc.property(text, (hostile) => {
      for (const outcome of ask(hostile)) expect(['failed', 'unknown']).toContain(outcome.state)
      expect(decodeUnverified(hostile)).toHaveProperty('code')
    }),
    { numRuns: 3000 },
  )
})

test('payloads of any JSON, rightly signed, get an outcome and no exception', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const payload: Json = JSON.parse(JSON.stringify(value))
      for (const typ of ['aat+jwt', 'agent-approval+jwt', 'secevent+jwt', 'agent-registry+jwt'])
        for (const outcome of ask(signJws({ ...HEADER, typ }, payload, auth)))
          expect(['failed', 'unknown']).toContain(outcome.state)
    }),
    { numRuns: 500 },
  )
})

test('any claim replaced by any JSON, rightly signed, gets an outcome and no exception', () => {
  const claims: Json = JSON.parse(JSON.stringify(root.claims))
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(root.claims)), fc.jsonValue(), (name, value) => {
      const changed: Json = { ...Object(claims), [name]: JSON.parse(JSON.stringify(value)) }
      const { outcome } = verifyChain([signJws(HEADER, changed, auth)], { anchors, at: IAT })
      expect(['ok', 'failed', 'unknown']).toContain(outcome.state)
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['5 MB of header', `${'A'.repeat(5_000_000)}.e30.AAAA`],
  ['5 MB of payload', `e30.${'A'.repeat(5_000_000)}.AAAA`],
  ['5 MB of signature', `e30.e30.${'A'.repeat(5_000_000)}`],
  ['a million dots', '.'.repeat(1_000_000)],
  ['a million newlines', '\n'.repeat(1_000_000)],
])('%s is oversized before it is read', (_, text) => {
  for (const outcome of ask(text)) expect(outcome).toMatchObject({ state: 'failed' })
  expect(decodeUnverified(text)).toHaveProperty('code')
  expect(verifyChain([text], { anchors, at: IAT }).outcome).toMatchObject({ code: 'oversized' })
})

test('16 links of 5 MB are refused as a whole', () => {
  const text = `e30.${'A'.repeat(5_000_000)}.AAAA`
  const verdict = verifyChain(
    Array.from({ length: 16 }, () => text),
    { anchors, at: IAT },
  )
  expect(verdict).toMatchObject({ outcome: { code: 'oversized', detail: 'chain' }, links: [] })
})

test('a chain of 100,000 links is refused as a whole', () => {
  const verdict = verifyChain(
    Array.from({ length: 100_000 }, () => root.text),
    { anchors, at: IAT },
  )
  expect(verdict).toMatchObject({ outcome: { code: 'depth_invalid' }, links: [] })
})

test('JSON nested as deep as a link can hold gives a code', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const depth = Math.floor(5500 / (open.length + close.length))
    const text = `${open.repeat(depth)}1${close.repeat(depth)}`
    const input = `${encodeBase64url(JSON.stringify(HEADER))}.${encodeBase64url(text)}`
    const signed = `${input}.${encodeBase64url(auth.sign(Buffer.from(input)))}`
    expect(verifyChain([signed], { anchors, at: IAT }).outcome).toMatchObject({
      code: 'oversized',
      detail: 'depth',
    })
  }
})

test('a JWS in JSON serialisation and a JWE are no compact JWS', () => {
  const [header = '', payload = '', signature = ''] = root.text.split('.')
  const flattened = JSON.stringify({ protected: header, payload, signature })
  for (const text of [flattened, `${header}.AA.AA.AA.AA`])
    expect(verifyChain([text], { anchors, at: IAT }).outcome).toMatchObject({ code: 'malformed' })
})

test('the two texts of different kinds are never taken for each other', () => {
  const typs = ['aat-pop+jwt', 'agent-receipt+jwt', 'at+jwt', 'JWT', 'statuslist+jwt']
  const claims: Json = JSON.parse(JSON.stringify(root.claims))
  for (const typ of typs) {
    const { outcome } = verifyChain([signJws({ ...HEADER, typ }, claims, auth)], {
      anchors,
      at: IAT,
    })
    expect(outcome).toMatchObject({ code: 'type_invalid' })
  }
})

test('a tool named like a member of every object grants nothing by accident', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf']
  for (const name of names) {
    const child = forgeChild(root, { tools: { [name]: {} } })
    expect(verifyChain([root.text, child], { anchors, at: IAT + 20 }).outcome.state).toBe('failed')
    const uri = forgeChild(root, { tools: { [`x:${name}`]: {} } })
    expect(verifyChain([root.text, uri], { anchors, at: IAT + 20 }).outcome).toMatchObject({
      code: 'not_narrower',
    })
  }
})

test('the widest trees that fit into a link are compared in bounded time', () => {
  const many = (constraint_type: 'all' | 'any', leaf: string): Constraint => ({
    constraint_type,
    constraints: Array.from({ length: 55 }, (_, index) => ({
      constraint_type: 'one_of',
      values: [`${leaf}${index}`, index, -index],
    })),
  })
  const verdicts = (['all', 'any'] as const).map((type) => {
    const wide = issueLink(rootBy(auth, holder, { tools: { [DEPLOY]: { a: many(type, 'p') } } }))
    const child = forgeChild(wide, { tools: { [DEPLOY]: { a: many(type, 'c') } } })
    return verifyChain([wide.text, child], { anchors, at: IAT + 20 }).outcome
  })
  expect(verdicts).toMatchObject([{ code: 'not_narrower' }, { code: 'not_narrower' }])
})

test('a verifier is not confused by a signer that lies about its algorithm', () => {
  const liar: Pick<Signer, 'sign'> = { sign: () => new Uint8Array(64) }
  const claims: Json = JSON.parse(JSON.stringify(root.claims))
  const { outcome } = verifyChain([signJws(HEADER, claims, liar)], { anchors, at: IAT })
  expect(outcome).toMatchObject({ code: 'signature_invalid' })
  for (const size of [0, 1, 63, 65, 128]) {
    const odd: Pick<Signer, 'sign'> = { sign: () => new Uint8Array(size) }
    const text = signJws(HEADER, claims, odd)
    expect(verifyChain([text], { anchors, at: IAT }).outcome.state).toBe('failed')
  }
})

/** A child with claims that the issuing side would refuse to sign. */
function forgeChild(
  parent: { readonly text: string; readonly hash: string; readonly claims: typeof root.claims },
  change: { readonly tools: Json },
): string {
  const honest = narrowLink(parent, linkBy(holder, party(), { tools: {} }))
  const payload: Json = {
    ...Object(JSON.parse(JSON.stringify(honest.claims))),
    par_hash: signingInputHash(parent.text) ?? '',
    authorization_details: [{ type: 'attenuating_agent_token', tools: change.tools }],
  }
  return signJws({ alg: 'Ed25519', typ: 'aat+jwt' }, payload, holder)
}
