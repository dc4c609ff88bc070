import { outcomeText } from '@delegraph/graph-schema'
import { describe, expect, test } from 'vitest'
import { signApproval, verifyApproval } from './artefacts/approval.ts'
import { signCompletion, verifyCompletion } from './artefacts/completion.ts'
import { signCredential, verifyCredential } from './artefacts/credential.ts'
import { signDecision, verifyDecision } from './artefacts/decision.ts'
import { signPop, verifyPop } from './artefacts/pop.ts'
import { signReceipt, verifyReceipt } from './artefacts/receipt.ts'
import { signRegistry, verifyRegistry } from './artefacts/registry.ts'
import { signRevocation, verifyRevocation } from './artefacts/revocation.ts'
import { SESSION_REVOKED, TYP } from './constants.ts'
import { issueLink, narrowLink } from './issue.ts'
import { thumbprintUri } from './jwk.ts'
import type { Signer } from './signer.ts'
import { MUTATIONS, oneOf, type Pick, picker, type Token } from './testing/mutations.ts'
import { anchorOf, DEPLOY, IAT, linkBy, party, rootBy } from './testing/party.ts'
import { judgeArtefact, judgeChain } from './testing/plain-judge.ts'
import type { Alg, ToolGrants } from './types.ts'
import { verifyChain } from './verify/verify-chain.ts'

/**
 * Valid chains and artefacts, changed in every way that the classes name, and judged twice: by the
 * profile's verifier, and by jose with a plain reading of the claims. Nothing that the second
 * refuses may be accepted; what only the first refuses is on the list below. `MUTATIONS=110000`
 * makes as many tokens, `MUTATION_SEED` plays a run again.
 */
const COUNT = Number(process.env['MUTATIONS'] ?? 4_000)
const SEED = Number(process.env['MUTATION_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const LONG = { timeout: 1_800_000 }
const AT = IAT + 40

/** What the profile refuses and jose with the plain reading takes: outcome, and why. */
const STRICTER: readonly (readonly [outcome: RegExp, reason: string])[] = [
  [/^failed:malformed:(alphabet|noncanonical_b64)$/, 'one signed statement has one text'],
  [/^failed:(non_canonical|non_finite|lone_surrogate|malformed:bom)$/, 'one text has one reading'],
  [/^failed:malformed:header$/, 'a header that is ignored is one that the next reader obeys'],
  [/^failed:type_invalid$/, 'a type has one spelling: no media type prefix, no other letter case'],
  [/^failed:malformed:cnf$/, 'a holder key has just its own members, and one spelling'],
  [/^failed:weak_key/, 'no key that signs for everybody'],
  [/^failed:malformed:lifetime$|^failed:lifetime_exceeded$/, 'an artefact ends, and soon enough'],
  [/^failed:not_narrower:unproven$/, 'inside perhaps, and not by the rules of the draft'],
  [/^failed:malformed:tool$/, 'a tool is named by a URI'],
  [/^failed:unknown_constraint:reserved_name$/, 'a name that a plain object cannot hold'],
  [/^failed:(receipt|approval)_mismatch:action_hash$/, 'what is disclosed has to fit the hash'],
  [/^failed:oversized/, 'sizes are limited'],
  [/^failed:depth_invalid:max_depth$/, 'a root allows no deeper chain than a verifier takes'],
  [
    /^failed:malformed:(act|amr|acr|aud|txn|jti|exp|num|aat_aud|aat_hash|scope|tctx|may_act|client_id|container)$/,
    'the plain reading leaves out members of claims, optional claims and the form of ids',
  ],
  [
    /^failed:malformed:(events|sub_id|result|trace|issued_to|tools|entries|obligations|intent|authorization_details)$/,
    'the same for what only one kind of text has',
  ],
]

interface Subject {
  readonly token: Token
  readonly mutated: (text: string) => { readonly ours: string; readonly plain: Promise<boolean> }
}

describe.each(['Ed25519', 'ES256'] as const)('%s', (alg) => {
  test(
    `${COUNT / 2} mutations, seed ${SEED}: the verifiers differ where the list says`,
    LONG,
    async () => {
      const pick = picker(SEED)
      const counts = new Map<string, Count>()
      const unlisted: string[] = []
      let subjects = [...subjectsOf(alg, pick), ...subjectsOf(alg, pick)]
      for (let round = 0; round < COUNT / 2; round += 1) {
        if (round % 5_000 === 4_999) subjects = [...subjectsOf(alg, pick), ...subjectsOf(alg, pick)]
        const kind = oneOf(pick, Object.keys(MUTATIONS))
        const subject = oneOf(pick, subjects)
        const other = oneOf(pick, subjects)
        const text = MUTATIONS[kind]?.(subject.token, pick, other.token) ?? ''
        const { ours, plain: judged } = subject.mutated(text)
        const plain = await judged
        const count = counts.get(kind) ?? { both: 0, neither: 0, stricter: 0 }
        counts.set(kind, count)
        if (ours === 'ok' && plain) count.both += 1
        else if (ours !== 'ok' && !plain) count.neither += 1
        else {
          count.stricter += 1
          const listed = plain && STRICTER.some(([outcome]) => outcome.test(ours))
          if (!listed) unlisted.push(`${kind}: we say ${ours}, plainly ${plain}: ${text}`)
        }
      }
      process.stdout.write(table(alg, counts))
      expect(unlisted.slice(0, 5)).toEqual([])
      expect([...counts.keys()].sort()).toEqual(Object.keys(MUTATIONS).sort())
    },
  )
})

interface Count {
  both: number
  neither: number
  stricter: number
}

function table(alg: Alg, counts: ReadonlyMap<string, Count>): string {
  const lines = [...counts].sort().map(([kind, { both, neither, stricter }]) => {
    const cells = [both + neither + stricter, both, neither, stricter].map((n) =>
      String(n).padStart(8),
    )
    return `  ${kind.padEnd(12)}${cells.join('')}`
  })
  const head = `${alg}, seed ${SEED}: mutations, both accept, both refuse, only we refuse`
  return [head, ...lines, ''].join('\n')
}

const ISS = 'https://service.example.com'
const COLLECTOR = 'https://collector.example.com'
const HASH = 'LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE'
const WIDE: ToolGrants = {
  [DEPLOY]: {
    service: { constraint_type: 'one_of', values: ['staging', 'canary'] },
    count: { constraint_type: 'range', min: 0, max: 10, optional: true },
  },
  'https://ops.example.com/mcp#status': {},
}
const NARROW: ToolGrants = {
  [DEPLOY]: {
    service: { constraint_type: 'exact', value: 'staging' },
    count: { constraint_type: 'range', min: 1, max: 5, max_inclusive: false, optional: true },
  },
}

function subjectsOf(alg: Alg, pick: Pick): readonly Subject[] {
  return [...chainOf(alg), ...chainOf(alg, pick), ...artefactsOf(alg)]
}

/** Each link of a chain of three, with the others as they are. */
function chainOf(alg: Alg, pick?: Pick): readonly Subject[] {
  const [auth, a, b, c] = [party(alg), party(alg), party(mixed(alg, pick)), party(alg)] as const
  const root = issueLink(rootBy(auth, a, { tools: WIDE, del_max_depth: 4 }))
  const child = narrowLink(root, linkBy(a, b, { tools: NARROW }))
  const leaf = narrowLink(child, linkBy(b, c, { tools: NARROW, iat: IAT + 20 }))
  const texts = [root.text, child.text, leaf.text]
  const anchors = [anchorOf(auth)]
  const plainAnchor = { iss: 'https://auth.example.com', kid: 'root', jwk: { ...auth.jwk } }
  return [auth, a, b].map((signer, index) => ({
    token: tokenOf(texts[index] ?? '', signer),
    mutated(text) {
      // Half of the time it is the leaf: what hangs below would give every change away.
      const below = pick !== undefined && pick(2) === 0 ? [] : texts.slice(index + 1)
      const chain = [...texts.slice(0, index), text, ...below]
      const { outcome } = verifyChain(chain, { anchors, at: AT })
      return { ours: outcomeText(outcome), plain: judgeChain(chain, plainAnchor, AT) }
    },
  }))
}

function mixed(alg: Alg, pick: Pick | undefined): Alg {
  return pick === undefined || pick(2) === 0 ? alg : alg === 'ES256' ? 'Ed25519' : 'ES256'
}

function artefactsOf(alg: Alg): readonly Subject[] {
  const signer = party(alg)
  const service = { signer, kid: 'service' }
  const trusted = [{ iss: ISS, kid: 'service', jwk: signer.jwk }]
  const call = { aat_hash: HASH, aat_tool: DEPLOY, action_hash: HASH }
  const receipt = { aud: COLLECTOR, iat: IAT, txn: 't', ...call, result: { status: 'ok' } } as const
  const made = [
    [
      TYP.pop,
      signPop({
        signer,
        claims: {
          aat_id: 'x',
          aat_hash: HASH,
          aat_tool: DEPLOY,
          aat_aud: '',
          hta: { a: 1 },
          iat: IAT,
        },
      }).text,
    ],
    [TYP.receipt, signReceipt({ signer, claims: receipt }).text],
    [
      TYP.completion,
      signCompletion({ signer, claims: { aud: COLLECTOR, iat: IAT, txn: 't', aat_hash: HASH } })
        .text,
    ],
    [
      TYP.approval,
      signApproval({
        ...service,
        claims: {
          iss: ISS,
          sub: 'person:alice',
          aud: '',
          iat: IAT,
          exp: IAT + 300,
          ...call,
          decision: 'approve',
          amr: ['hwk'],
        },
      }).text,
    ],
    [
      TYP.decision,
      signDecision({
        ...service,
        claims: {
          iss: ISS,
          aud: COLLECTOR,
          iat: IAT,
          evaluation_id: 'e',
          request_hash: HASH,
          action_hash: HASH,
          decision: true,
        },
      }).text,
    ],
    [
      TYP.registry,
      signRegistry({
        ...service,
        claims: { iss: ISS, iat: IAT, version: '1', entries: [{ type: 'public', tools: {} }] },
      }).text,
    ],
    [
      TYP.revocation,
      signRevocation({
        ...service,
        claims: {
          iss: ISS,
          aud: COLLECTOR,
          iat: IAT,
          txn: 't',
          events: { [SESSION_REVOKED]: { event_timestamp: IAT } },
        },
      }).text,
    ],
    [
      TYP.credential,
      signCredential({
        ...service,
        claims: {
          iss: ISS,
          aud: COLLECTOR,
          iat: IAT,
          event: 'issued',
          credential: HASH,
          issued_to: ['agent:a'],
          exp: IAT + 60,
        },
      }).text,
    ],
  ] as const
  const verify = {
    [TYP.pop]: (text: string) => verifyPop(text, signer.jwk),
    [TYP.receipt]: (text: string) => verifyReceipt(text, signer.jwk),
    [TYP.completion]: (text: string) => verifyCompletion(text, signer.jwk),
    [TYP.approval]: (text: string) => verifyApproval(text, trusted),
    [TYP.decision]: (text: string) => verifyDecision(text, trusted),
    [TYP.registry]: (text: string) => verifyRegistry(text, trusted),
    [TYP.revocation]: (text: string) => verifyRevocation(text, trusted),
    [TYP.credential]: (text: string) => verifyCredential(text, trusted),
  }
  return made.map(([typ, text]) => {
    const token = tokenOf(text, signer)
    const own = token.header['kid'] === undefined
    const iss = own ? thumbprintUri(signer.jwk) : ISS
    const by = own ? { iss: typ === TYP.pop ? undefined : iss } : { iss, kid: 'service' }
    return {
      token,
      mutated: (changed) => ({
        ours: outcomeText(verify[typ](changed).outcome),
        plain: judgeArtefact(changed, typ, { ...signer.jwk }, by),
      }),
    }
  })
}

function tokenOf(text: string, signer: Signer): Token {
  const [header = '', payload = ''] = text
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString())
  return { text, header: JSON.parse(header), payload, signer }
}
