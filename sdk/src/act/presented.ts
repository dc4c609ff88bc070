import { ATTR, EVENT } from '@delegraph/graph-schema'
import { LIMITS, signingInputHash } from '@delegraph/link'
import { SdkError } from '../errors.ts'
import type { Attributes, SpanIds } from '../evidence/event.ts'
import type { Recorder } from '../evidence/recorder.ts'
import type { DescribedToken } from '../foreign/describe-token.ts'
import type { Chain } from '../link/chain.ts'
import { CALLER } from '../trace/state.ts'

/** What is presented with a call, and what is known of where it came from. */
export interface ActOptions {
  /** Signed approvals of this very call. */
  readonly approvals?: readonly string[]
  /** The signed decision of an enforcement point. */
  readonly decision?: string
  /** Agent id of whoever asked for the call; the caller of the request served where absent. */
  readonly caller?: string
  /** Agent ids and data hashes that were seen to set an argument or the choice of operation. */
  readonly drivers?: readonly string[]
  /** Thumbprint or keyed hash (`credentialHash`) of the credential used; never the credential. */
  readonly credential?: string
  /** Tokens of other kinds that the call presents: see `describeToken`. They explain and grant nothing. */
  readonly foreign?: readonly DescribedToken[]
  /** Further span attributes; an adapter's names, no arguments. */
  readonly attributes?: Attributes
}

/** The same, checked and named by hashes. */
export interface Presented {
  readonly approvals: readonly string[]
  readonly approvalHashes: readonly string[]
  readonly decision: string | undefined
  readonly decisionHash: string | undefined
  readonly caller: string | undefined
  readonly drivers: readonly string[]
  readonly credential: string | undefined
  readonly foreign: readonly DescribedToken[]
}

/** Throws `SdkError` `invalid_artefact` or `invalid_credential_hash`. */
export function presentedWith(options: ActOptions, agent: string): Presented {
  const { approvals = [], decision, credential } = options
  if (credential !== undefined && !HASH.test(credential))
    throw new SdkError(
      'invalid_credential_hash',
      'a credential is named by its 43-character hash, never by itself: see credentialHash',
    )
  const asked = options.caller ?? CALLER.getStore()
  const caller = asked === agent ? undefined : asked
  return {
    approvals,
    approvalHashes: approvals.map((text) => hashOf(text, 'approval')),
    decision,
    decisionHash: decision === undefined ? undefined : hashOf(decision, 'decision'),
    caller,
    drivers: [...new Set([...(caller === undefined ? [] : [caller]), ...(options.drivers ?? [])])],
    credential,
    foreign: options.foreign ?? [],
  }
}

/** The same with one more approval; one that is there already changes nothing. */
export function withApproval(presented: Presented, text: string): Presented {
  const hash = hashOf(text, 'approval')
  if (presented.approvalHashes.includes(hash)) return presented
  return {
    ...presented,
    approvals: [...presented.approvals, text],
    approvalHashes: [...presented.approvalHashes, hash],
  }
}

const HASH = /^[A-Za-z0-9_-]{43}$/

function hashOf(text: string, what: string): string {
  const hash = text.length > LIMITS.artefactSize ? undefined : signingInputHash(text)
  if (hash === undefined) throw new SdkError('invalid_artefact', `this is no signed ${what}`)
  return hash
}

export function presentedAttributes(
  presented: Presented,
  chain: Chain | undefined,
  onSpans: boolean,
): Attributes {
  const { approvals, decision, drivers, credential, caller } = presented
  return {
    ...(onSpans && approvals.length > 0 ? { [ATTR.approval]: approvals } : {}),
    ...(onSpans && decision !== undefined ? { [ATTR.decision]: decision } : {}),
    ...(drivers.length > 0 ? { [ATTR.drivers]: drivers } : {}),
    ...(credential === undefined ? {} : { [ATTR.credentialHash]: credential }),
    ...(onSpans ? foreignAttributes(presented.foreign) : {}),
    ...(chain === undefined && caller !== undefined ? { [ATTR.assertedDelegator]: caller } : {}),
  }
}

export function recordPresented(
  recorder: Recorder,
  presented: Presented,
  attributes: Attributes,
  ids: SpanIds,
): void {
  for (const text of presented.approvals) recorder.approval(text, attributes, ids)
  if (presented.decision !== undefined)
    recorder.event({ name: EVENT.decision, text: presented.decision, attributes, ids })
  for (const { text, proof } of presented.foreign) {
    const more = proof === undefined ? {} : { [ATTR.foreignDpop]: [proof] }
    recorder.event({ name: EVENT.foreign, text, attributes: { ...attributes, ...more }, ids })
  }
}

function foreignAttributes(foreign: readonly DescribedToken[]): Attributes {
  const proofs = foreign.flatMap(({ proof }) => proof ?? [])
  return {
    ...(foreign.length > 0 ? { [ATTR.foreignJws]: foreign.map(({ text }) => text) } : {}),
    ...(proofs.length > 0 ? { [ATTR.foreignDpop]: proofs } : {}),
  }
}
