import { readFileSync } from 'node:fs'
import { type Outcome, outcomeText } from '@delegraph/graph-schema'
import {
  type Alg,
  type Anchor,
  type ArtefactVerdict,
  type ChainVerdict,
  type PublicJwk,
  type TrustedIssuer,
  verifyApproval,
  verifyChain,
  verifyCompletion,
  verifyCredential,
  verifyDecision,
  verifyPop,
  verifyReceipt,
  verifyRegistry,
  verifyRevocation,
} from '@delegraph/link'
import type { ArtefactKind } from './cases/artefact-case.ts'

/** The vector file as whoever tests with it sees it. */
export interface Vectors {
  readonly anchors: Readonly<Record<Alg, readonly Anchor[]>>
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
}

export interface ChainVector {
  readonly id: string
  readonly title: string
  readonly alg: Alg
  readonly at: number
  readonly audience?: string
  readonly anchors?: readonly Anchor[]
  /** Indexes into `texts`, root first. */
  readonly chain: readonly number[]
  readonly expect: string
  readonly failed_at?: number
  readonly flags?: readonly string[]
}

export interface ArtefactVector {
  readonly id: string
  readonly title: string
  readonly kind: ArtefactKind
  readonly text: string
  readonly by: { readonly holder?: PublicJwk; readonly issuers?: readonly TrustedIssuer[] }
  readonly expect: string
}

/** A token that others make: a status list, or a workload identity. */
export interface ThirdPartyVector {
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

export const VECTORS: Vectors = JSON.parse(
  readFileSync(new URL('links.json', import.meta.url), 'utf8'),
)

export function textsOf(vector: ChainVector): readonly string[] {
  return vector.chain.map((index) => VECTORS.texts[index] ?? '')
}

export function verdictOfChain(vector: ChainVector): ChainVerdict {
  return verifyChain(textsOf(vector), {
    anchors: vector.anchors ?? VECTORS.anchors[vector.alg],
    at: vector.at,
    ...(vector.audience === undefined ? {} : { audience: vector.audience }),
  })
}

export function verdictOfArtefact({ kind, text, by }: ArtefactVector): ArtefactVerdict<unknown> {
  const { holder, issuers = [] } = by
  switch (kind) {
    case 'receipt':
      return verifyReceipt(text, holder ?? issuers)
    case 'revocation':
      return verifyRevocation(text, holder ?? issuers)
    case 'approval':
      return verifyApproval(text, issuers)
    case 'decision':
      return verifyDecision(text, issuers)
    case 'registry':
      return verifyRegistry(text, issuers)
    case 'credential':
      return verifyCredential(text, issuers)
    case 'completion':
      return verifyCompletion(text, holderOf(holder))
    case 'pop':
      return verifyPop(text, holderOf(holder))
  }
}

export function outcomeOfChain(vector: ChainVector): string {
  return short(verdictOfChain(vector).outcome)
}

export function outcomeOfArtefact(vector: ArtefactVector): string {
  return short(verdictOfArtefact(vector).outcome)
}

function holderOf(holder: PublicJwk | undefined): PublicJwk {
  if (holder === undefined) throw new Error('this kind of artefact has a holder')
  return holder
}

/** `not_narrower:widened` for `failed:not_narrower:widened`. */
export function short(outcome: Outcome): string {
  return outcomeText(outcome).replace(/^(failed|unknown):/, '')
}
