import { readFileSync } from 'node:fs'
import { type Outcome, outcomeText } from '@delegraph/graph-schema'
import { describe, expect, test } from 'vitest'
import {
  type Anchor,
  actionHash,
  canonicalize,
  decodeUnverified,
  isFault,
  type PublicJwk,
  restHash,
  signingInputHash,
  type TrustedIssuer,
  verifyApproval,
  verifyChain,
  verifyCompletion,
  verifyDecision,
  verifyReceipt,
  verifyRegistry,
  verifyRevocation,
  verifyStatusList,
  verifyWorkloadIdentity,
} from './index.ts'

interface ChainVector {
  readonly id: string
  readonly title: string
  readonly alg: 'Ed25519' | 'ES256'
  readonly at: number
  readonly audience?: string
  readonly anchors?: readonly Anchor[]
  /** Indexes into `texts`. */
  readonly chain: readonly number[]
  readonly expect: string
  readonly failed_at?: number
  readonly flags?: readonly string[]
}

interface ArtefactVector {
  readonly id: string
  readonly title: string
  readonly kind: 'receipt' | 'approval' | 'decision' | 'completion' | 'revocation' | 'registry'
  readonly text: string
  readonly by: { readonly holder?: PublicJwk; readonly issuers?: readonly TrustedIssuer[] }
  readonly expect: string
}

interface ThirdPartyVector {
  readonly id: string
  readonly title: string
  readonly kind: 'status_list' | 'workload_identity'
  readonly text: string
  readonly uri?: string
  readonly asked_at?: number
  readonly issuers: readonly TrustedIssuer[]
  readonly expect: string
  readonly bits?: number
  readonly from?: number
  readonly until?: number
  readonly values?: Readonly<Record<string, number>>
  readonly identity?: object
}

const vectors: {
  readonly anchors: Readonly<Record<'Ed25519' | 'ES256', readonly Anchor[]>>
  readonly action: {
    readonly aud: string
    readonly tool: string
    readonly salt: string
    readonly disclosed: Readonly<Record<string, number | string>>
    readonly rest: Readonly<Record<string, string>>
    readonly rest_preimage: string
    readonly rest_hash: string
    readonly preimage: string
    readonly action_hash: string
  }
  readonly chains: readonly ChainVector[]
  readonly artefacts: readonly ArtefactVector[]
  readonly third_party: readonly ThirdPartyVector[]
  readonly texts: readonly string[]
} = JSON.parse(readFileSync(new URL('../../test/vectors/links.json', import.meta.url), 'utf8'))

describe('every chain vector has the outcome it names', () => {
  test.each(vectors.chains)('$id $title', (vector) => {
    const chain = textsOf(vector)
    const verdict = verifyChain(chain, {
      anchors: vector.anchors ?? vectors.anchors[vector.alg],
      at: vector.at,
      ...(vector.audience === undefined ? {} : { audience: vector.audience }),
    })
    expect(short(verdict.outcome)).toBe(vector.expect)
    expect(verdict.failedAt).toBe(vector.failed_at)
    expect(verdict.leaf?.text).toBe(vector.expect === 'ok' ? chain.at(-1) : undefined)
    if (vector.expect === 'ok') {
      const flags = new Set(verdict.links.flatMap((link) => link.flags))
      expect([...flags].sort()).toEqual(vector.flags ?? [])
    }
  })
})

describe('every artefact vector has the outcome it names', () => {
  test.each(vectors.artefacts)('$id $title', (vector) => {
    expect(short(verify(vector).outcome)).toBe(vector.expect)
    if (vector.expect !== 'ok') return
    const decoded = decodeUnverified(vector.text)
    if (isFault(decoded)) throw new Error('a valid artefact can be decoded')
    expect(decoded.hash).toBe(verify(vector).hash)
  })
})

describe('every token of somebody else has the outcome it names', () => {
  test.each(vectors.third_party)(
    '$id $title',
    ({ kind, text, issuers, expect: outcome, ...more }) => {
      if (kind === 'workload_identity') {
        const verdict = verifyWorkloadIdentity(text, issuers)
        expect(short(verdict.outcome)).toBe(outcome)
        if (more.identity !== undefined) expect(verdict.identity).toMatchObject(more.identity)
        return
      }
      const { uri = '', asked_at: askedAt = 0, values = {}, bits, from, until } = more
      const { outcome: found, answer } = verifyStatusList(text, { uri, issuers, askedAt })
      expect(short(found)).toBe(outcome)
      expect([answer?.from, answer?.until]).toEqual([from, until])
      if (bits !== undefined) expect(answer?.bits).toBe(bits)
      for (const [idx, value] of Object.entries(values))
        expect([idx, answer?.value(Number(idx))]).toEqual([idx, value])
    },
  )
})

test('the worked action is hashed in two levels', () => {
  const { action } = vectors
  expect(canonicalize({ rest: action.rest, salt: action.salt })).toBe(action.rest_preimage)
  expect(restHash(action.rest, action.salt)).toBe(action.rest_hash)
  const call = {
    aud: action.aud,
    args: action.disclosed,
    rest: action.rest_hash,
    tool: action.tool,
  }
  expect(canonicalize(call)).toBe(action.preimage)
  expect(actionHash(call)).toBe(action.action_hash)
})

test('the chain of the design is byte for byte the one of the vectors', () => {
  const worked = vectors.chains.find((vector) => vector.id === 'V01')
  expect(worked && textsOf(worked).map(signingInputHash)).toEqual([
    'LXed5PtL-NqV-vK0jFiyx--dG9SNx4Fn3FrNb9tuwYI',
    'f86ZsDHphzgX-yS2kf5PJnMkb5JjoCkVfvTGtOcXD7o',
    'wH3RmoCSVuQUEElEQevs5sWHEJLDbUFyuhXym33P7Bo',
  ])
})

test('ids are unique, and each Ed25519 chain has its ES256 twin', () => {
  const ids = [...vectors.chains, ...vectors.artefacts, ...vectors.third_party].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const singles = ids.filter((id) => !id.endsWith('.es256') && !id.startsWith('X'))
  expect(singles.filter((id) => !ids.includes(`${id}.es256`))).toEqual([])
})

function textsOf(vector: ChainVector): readonly string[] {
  return vector.chain.map((index) => vectors.texts[index] ?? '')
}

function verify(vector: ArtefactVector): {
  readonly outcome: Outcome
  readonly hash?: string | undefined
} {
  const { holder, issuers = [] } = vector.by
  const by = holder ?? issuers
  switch (vector.kind) {
    case 'receipt':
      return verifyReceipt(vector.text, by)
    case 'revocation':
      return verifyRevocation(vector.text, by)
    case 'approval':
      return verifyApproval(vector.text, issuers)
    case 'decision':
      return verifyDecision(vector.text, issuers)
    case 'registry':
      return verifyRegistry(vector.text, issuers)
    case 'completion':
      if (holder === undefined) throw new Error('a completion has a holder')
      return verifyCompletion(vector.text, holder)
  }
}

/** `not_narrower:widened` for `failed:not_narrower:widened`. */
function short(outcome: Outcome): string {
  return outcomeText(outcome).replace(/^(failed|unknown):/, '')
}
