import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signApproval, verifyApproval } from './artefacts/approval.ts'
import { signCompletion, verifyCompletion } from './artefacts/completion.ts'
import { signCredential, verifyCredential } from './artefacts/credential.ts'
import { signDecision, verifyDecision } from './artefacts/decision.ts'
import { signPop, verifyPop } from './artefacts/pop.ts'
import { signReceipt, verifyReceipt } from './artefacts/receipt.ts'
import { signRegistry, verifyRegistry } from './artefacts/registry.ts'
import { signRevocation, verifyRevocation } from './artefacts/revocation.ts'
import { SESSION_REVOKED } from './constants.ts'
import { issueLink, narrowLink } from './issue.ts'
import { signingInputHash, textDigest } from './jws.ts'
import { anchorOf, DEPLOY, IAT, linkBy, party, rootBy } from './testing/party.ts'
import { foreignText, packed } from './testing/third-party.ts'
import { verifyStatusList } from './third-party/status-list.ts'
import { verifyWorkloadIdentity } from './third-party/workload-identity.ts'
import type { Json } from './types.ts'
import { verifyChain } from './verify/verify-chain.ts'

const HASH = 'LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE'
const ISS = 'https://service.example.com'
const COLLECTOR = 'https://collector.example.com'
const POP = {
  aat_id: '019a8c3e-7b10-7000-8000-000000000002',
  aat_hash: HASH,
  aat_tool: DEPLOY,
  aat_aud: '',
  hta: { service: 'staging' },
  iat: IAT,
}
const APPROVAL = {
  iss: ISS,
  sub: 'person:alice',
  aud: '',
  iat: IAT,
  exp: IAT + 300,
  aat_hash: HASH,
  aat_tool: DEPLOY,
  action_hash: HASH,
  decision: 'approve',
  amr: ['hwk'],
} as const
const DECISION = {
  iss: ISS,
  aud: COLLECTOR,
  iat: IAT,
  evaluation_id: 'e1',
  request_hash: HASH,
  action_hash: HASH,
  decision: true,
}
const COMPLETION = { aud: COLLECTOR, iat: IAT, txn: 'task-1', aat_hash: HASH }
const REVOCATION = {
  iss: ISS,
  aud: COLLECTOR,
  iat: IAT,
  txn: 'task-1',
  events: { [SESSION_REVOKED]: { event_timestamp: IAT } },
}
const REGISTRY = { iss: ISS, iat: IAT, version: '1', entries: [{ type: 'public', tools: {} }] }
const CREDENTIAL = {
  iss: ISS,
  aud: COLLECTOR,
  iat: IAT,
  event: 'issued',
  credential: HASH,
  issued_to: ['agent:worker'],
  exp: IAT + 60,
} as const
const STATUS_LIST = {
  sub: `${ISS}/status/7`,
  iat: IAT,
  ttl: 300,
  status_list: { lst: packed(1, 64, { 3: 1 }), bits: 1 },
}
const IDENTITY = { sub: 'spiffe://service.example.com/worker', iss: ISS, exp: IAT + 300 }
/** Places of each text at which all 255 other bytes are tried: `MALLEABILITY_PLACES=100`. */
const PLACES = Number(process.env['MALLEABILITY_PLACES'] ?? 3)
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const LONG = { timeout: 600_000 }

describe.each(['Ed25519', 'ES256'] as const)('%s', (alg) => {
  const auth = party(alg)
  const holder = party(alg)
  const worker = party(alg)
  const anchors = [anchorOf(auth)]
  const root = issueLink(rootBy(auth, holder))
  const child = narrowLink(root, linkBy(holder, worker))
  const service = { signer: auth, kid: 'service' }
  const trusted = [{ iss: ISS, kid: 'service', jwk: auth.jwk }]
  const call = {
    aud: COLLECTOR,
    iat: IAT + 30,
    txn: child.claims.txn,
    aat_hash: child.hash,
    aat_tool: DEPLOY,
    action_hash: HASH,
    result: { status: 'ok' },
  } as const
  const receipt = signReceipt({ signer: worker, claims: call })
  const verifies = {
    root: (text: string) => isOk(verifyChain([text, child.text], { anchors, at: IAT + 20 })),
    child: (text: string) => isOk(verifyChain([root.text, text], { anchors, at: IAT + 20 })),
    receipt: (text: string) => isOk(verifyReceipt(text, worker.jwk)),
    'receipt of a service': (text: string) => isOk(verifyReceipt(text, trusted)),
    proof: (text: string) => isOk(verifyPop(text, worker.jwk)),
    approval: (text: string) => isOk(verifyApproval(text, trusted)),
    decision: (text: string) => isOk(verifyDecision(text, trusted)),
    completion: (text: string) => isOk(verifyCompletion(text, holder.jwk)),
    revocation: (text: string) => isOk(verifyRevocation(text, trusted)),
    registry: (text: string) => isOk(verifyRegistry(text, trusted)),
    credential: (text: string) => isOk(verifyCredential(text, trusted)),
    'status list': (text: string) =>
      isOk(verifyStatusList(text, { uri: STATUS_LIST.sub, issuers: trusted, askedAt: IAT })),
    'workload identity': (text: string) => isOk(verifyWorkloadIdentity(text, trusted)),
  }
  // Others make these two in any JSON. base64url in one spelling makes a text of theirs as firm as ours.
  const foreign = (typ: string, claims: Readonly<Record<string, Json>>) =>
    foreignText({ typ, kid: 'service', alg }, claims, auth)
  const cases: readonly (readonly [keyof typeof verifies, string])[] = [
    ['root', root.text],
    ['child', child.text],
    ['receipt', receipt.text],
    ['receipt of a service', signReceipt({ ...service, claims: { ...call, iss: ISS } }).text],
    ['proof', signPop({ signer: worker, claims: POP }).text],
    ['approval', signApproval({ ...service, claims: APPROVAL }).text],
    ['decision', signDecision({ ...service, claims: DECISION }).text],
    ['completion', signCompletion({ signer: holder, claims: COMPLETION }).text],
    ['revocation', signRevocation({ ...service, claims: REVOCATION }).text],
    ['registry', signRegistry({ ...service, claims: REGISTRY }).text],
    ['credential', signCredential({ ...service, claims: CREDENTIAL }).text],
    ['status list', foreign('statuslist+jwt', STATUS_LIST)],
    ['workload identity', foreign('wit+jwt', { ...IDENTITY, cnf: { jwk: { ...worker.jwk } } })],
  ]

  test.each(cases)('no change of one character leaves a valid %s', LONG, (kind, text) => {
    expect(verifies[kind](text)).toBe(true)
    const standing: string[] = []
    const change = (at: number, other: string) => {
      const changed = text.slice(0, at) + other + text.slice(at + 1)
      if (changed !== text && verifies[kind](changed)) standing.push(`${at}: ${other}`)
    }
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const old = ALPHABET.indexOf(text.charAt(at))
      change(at, ALPHABET.charAt((old + 1 + (at % 62)) % 64))
      // A character beyond Latin-1 with the same low byte: cut to bytes, it is the old one.
      change(at, String.fromCharCode(code + 0x100 * (1 + (at % 255))))
    }
    for (const at of placesOf(text))
      for (let byte = 0; byte < 256; byte++) change(at, String.fromCharCode(byte))
    expect(standing).toEqual([])
  })

  test.each(cases)(
    'no change of one byte, insertion or removal leaves a valid %s',
    (kind, text) => {
      fc.assert(
        fc.property(fc.nat(text.length), fc.nat(255), fc.nat(2), (at, byte, how) => {
          const end = how === 0 ? at : at + 1
          const middle = how === 2 ? '' : String.fromCharCode(byte)
          const changed = text.slice(0, at) + middle + text.slice(end)
          return changed === text || !verifies[kind](changed)
        }),
        { numRuns: 1500 },
      )
    },
  )

  test('other spellings of a signature never change the id of a link', () => {
    const spellings = [
      `${child.text}=`,
      `${child.text}==`,
      `${child.text}\n`,
      child.text.replace(/.$/, (last) => ALPHABET.charAt(ALPHABET.indexOf(last) ^ 1)),
      child.text.replace(/.{8}$/, 'AAAAAAAA'),
    ]
    for (const text of spellings) {
      expect(signingInputHash(text)).toBe(child.hash)
      expect(textDigest(text)).not.toBe(textDigest(child.text))
      expect(verifies.child(text)).toBe(false)
    }
  })
})

test('the (r, n - s) twin that anybody can make verifies and is the same link', () => {
  const auth = party('ES256')
  const holder = party('ES256')
  const anchors = [anchorOf(auth)]
  for (let round = 0; round < 20; round++) {
    const root = issueLink(rootBy(auth, holder))
    const other = twin(root.text)
    expect(other).not.toBe(root.text)
    const child = narrowLink(root, linkBy(holder, party()))
    const verdict = verifyChain([other, child.text], { anchors, at: IAT + 20 })
    expect(verdict.outcome).toEqual({ state: 'ok' })
    expect(verdict.links[0]?.hash).toBe(root.hash)
  }
})

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

function twin(text: string): string {
  const end = text.lastIndexOf('.') + 1
  const signature = Buffer.from(text.slice(end), 'base64url')
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')
  const whole = Buffer.concat([signature.subarray(0, 32), other])
  return text.slice(0, end) + whole.toString('base64url')
}

/** The ends of each part, and some places in between. */
function placesOf(text: string): readonly number[] {
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  const ends = [0, first, first + 1, second, second + 1, text.length - 1]
  const between = Array.from({ length: PLACES }, () => Math.floor(Math.random() * text.length))
  return [...ends, ...between]
}

function isOk(verdict: { readonly outcome: { readonly state: string } }): boolean {
  return verdict.outcome.state === 'ok'
}
