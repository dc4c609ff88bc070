import { ATTR, EVENT } from '@delegraph/graph-schema'
import { LIMITS, type ReceiptClaims, signingInputHash } from '@delegraph/link'
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
  /** What the call is done to: a file, a record, a memory. */
  readonly resource?: string
  /** Conversation or run, by the application's own id. */
  readonly session?: string
  /** The task that it is done for; that of the chain in force where absent. */
  readonly task?: string
  /** What it is for: a code of the owner's purpose taxonomy. */
  readonly purpose?: string
  /** The principal that the agent acts for; `''` for nobody. Left out, it says nothing. */
  readonly onBehalfOf?: string
  /** Nothing was presented and checked: it is let through for where it runs. */
  readonly zone?: boolean
  /** It changes grants, policies, agents or secrets; `resource` says which. */
  readonly control?: boolean
  /** Keyed hashes (`dataHash`) of content that was given to the call. */
  readonly dataIn?: readonly string[]
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
  /** What the agent says of the call beside what it presents. */
  readonly said: Said
}

/** The claims of a receipt that say it. */
export type Said = Pick<
  ReceiptClaims,
  | 'txn'
  | 'resource'
  | 'session'
  | 'purpose'
  | 'on_behalf_of'
  | 'zone'
  | 'control'
  | 'data_in'
  | 'data_out'
>

function saidIn(options: ActOptions): Said {
  const { task, resource, session, purpose, onBehalfOf, zone, control, dataIn } = options
  return {
    ...(task === undefined ? {} : { txn: task }),
    ...(resource === undefined ? {} : { resource }),
    ...(session === undefined ? {} : { session }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(onBehalfOf === undefined ? {} : { on_behalf_of: onBehalfOf }),
    ...(zone === true ? { zone } : {}),
    ...(control === true ? { control } : {}),
    ...(dataIn === undefined || dataIn.length === 0 ? {} : { data_in: checkedHashes(dataIn) }),
  }
}

/** The same as attributes of a span. */
export function saidAttributes(said: Said): Attributes {
  const { txn, resource, session, purpose, on_behalf_of, zone, control, data_in, data_out } = said
  return {
    ...(txn === undefined ? {} : { [ATTR.taskId]: txn }),
    ...(resource === undefined ? {} : { [ATTR.resource]: resource }),
    ...(session === undefined ? {} : { [ATTR.sessionId]: session }),
    ...(purpose === undefined ? {} : { [ATTR.purpose]: purpose }),
    ...(on_behalf_of === undefined ? {} : { [ATTR.onBehalfOf]: on_behalf_of }),
    ...(zone === true ? { [ATTR.acceptedBy]: 'zone' } : {}),
    ...(control === true ? { [ATTR.plane]: 'control' } : {}),
    ...(data_in === undefined ? {} : { [ATTR.dataIn]: data_in }),
    ...(data_out === undefined ? {} : { [ATTR.dataOut]: data_out }),
  }
}

/** Throws `SdkError` `invalid_data_hash`: anything else might be the content itself. */
export function checkedHashes(hashes: readonly string[]): readonly string[] {
  if (!hashes.every((hash) => HASH.test(hash)))
    throw new SdkError('invalid_data_hash', 'data is named by its 43-character hash: see dataHash')
  return [...new Set(hashes)]
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
    said: saidIn(options),
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
