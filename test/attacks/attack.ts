import { readFileSync } from 'node:fs'
import { type Outcome, outcomeText } from '@delegraph/graph-schema'
import {
  type Anchor,
  type PublicJwk,
  type TrustedIssuer,
  verifyApproval,
  verifyChain,
  verifyCompletion,
  verifyDecision,
  verifyReceipt,
  verifyRegistry,
  verifyRevocation,
} from '@delegraph/link'
import { expect, it } from 'vitest'

/** The vector families: each attack is played with both, X cases mix them. */
const ALGS = ['Ed25519', 'ES256'] as const
type Alg = (typeof ALGS)[number]

/**
 * One attack that is a vector of `test/vectors/links.json`. `title` says what must fail; the
 * outcome is compared with `code` here, so that a vector cannot be weakened unnoticed.
 */
export function refused(title: string, id: string, code: string, codeOfTwin = code): void {
  it(title, () => {
    const found = FILE.chains.filter((vector) => baseOf(vector.id) === id)
    const artefacts = FILE.artefacts.filter((vector) => baseOf(vector.id) === id)
    expect(found.length + artefacts.length, `vector ${id} and its twin`).toBe(2)
    const codeOf = (vector: { readonly id: string }) => (vector.id === id ? code : codeOfTwin)
    for (const vector of found)
      expect([vector.id, outcomeOfChain(vector)]).toEqual([vector.id, codeOf(vector)])
    for (const vector of artefacts)
      expect([vector.id, outcomeOfArtefact(vector)]).toEqual([vector.id, codeOf(vector)])
    for (const vector of [...found, ...artefacts]) expect(vector.expect).toBe(codeOf(vector))
  })
}

/** The chain that the hostile ones are made from: without it a refusal would prove nothing. */
export function accepted(title: string, ...ids: string[]): void {
  it(title, () => {
    for (const id of ids) {
      const chains = FILE.chains.filter((vector) => baseOf(vector.id) === id)
      const artefacts = FILE.artefacts.filter((vector) => baseOf(vector.id) === id)
      const outcomes = [...chains.map(outcomeOfChain), ...artefacts.map(outcomeOfArtefact)]
      expect([id, ...outcomes]).toEqual([id, 'ok', 'ok'])
    }
  })
}

interface ChainVector {
  readonly id: string
  readonly alg: Alg
  readonly at: number
  readonly audience?: string
  readonly anchors?: readonly Anchor[]
  readonly chain: readonly number[]
  readonly expect: string
}

interface ArtefactVector {
  readonly id: string
  readonly kind: string
  readonly text: string
  readonly by: { readonly holder?: PublicJwk; readonly issuers?: readonly TrustedIssuer[] }
  readonly expect: string
}

const FILE: {
  readonly anchors: Readonly<Record<Alg, readonly Anchor[]>>
  readonly chains: readonly ChainVector[]
  readonly artefacts: readonly ArtefactVector[]
  readonly texts: readonly string[]
} = JSON.parse(readFileSync(new URL('../vectors/links.json', import.meta.url), 'utf8'))

function baseOf(id: string): string {
  return id.replace(/\.es256$/, '')
}

function outcomeOfChain(vector: ChainVector): string {
  const texts = vector.chain.map((index) => FILE.texts[index] ?? '')
  return short(
    verifyChain(texts, {
      anchors: vector.anchors ?? FILE.anchors[vector.alg],
      at: vector.at,
      ...(vector.audience === undefined ? {} : { audience: vector.audience }),
    }).outcome,
  )
}

function outcomeOfArtefact({ kind, text, by }: ArtefactVector): string {
  const { holder, issuers = [] } = by
  const verdicts: Readonly<Record<string, () => { readonly outcome: Outcome }>> = {
    receipt: () => verifyReceipt(text, holder ?? issuers),
    revocation: () => verifyRevocation(text, holder ?? issuers),
    approval: () => verifyApproval(text, issuers),
    decision: () => verifyDecision(text, issuers),
    registry: () => verifyRegistry(text, issuers),
    completion: () => {
      if (holder === undefined) throw new Error('a completion has a holder')
      return verifyCompletion(text, holder)
    },
  }
  const verdict = verdicts[kind]
  if (verdict === undefined) throw new Error(`no artefact of kind ${kind}`)
  return short(verdict().outcome)
}

/** `not_narrower:widened` for `failed:not_narrower:widened`. */
function short(outcome: Outcome): string {
  return outcomeText(outcome).replace(/^(failed|unknown):/, '')
}
