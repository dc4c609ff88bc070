import { ATTR, EVENT } from '@delegraph/graph-schema'
import { LIMITS, type ReceiptStatus, signingInputHash, type ToolGrants } from '@delegraph/link'
import { SdkError } from '../errors.ts'
import type { Attributes, SpanIds } from '../evidence/event.ts'
import { type Chain, grantsOf } from '../link/chain.ts'
import { parentContext, runWith } from '../trace/run.ts'
import { type Kind, type OpenSpan, openSpan } from '../trace/span.ts'
import { CALLER } from '../trace/state.ts'
import { callAttributes, chainAttributes, genAiAttributes, toolName } from './attributes.ts'
import { type Call, checkedProposal, isProposal, type Proposal, proposalOf } from './proposal.ts'
import { receiptOf } from './receipt.ts'
import type { Runtime } from './runtime.ts'

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
  /** Further span attributes; an adapter's names, no arguments. */
  readonly attributes?: Attributes
}

/** A call under way. */
export interface OpenAct {
  readonly proposal: Proposal
  readonly chain: Chain | undefined
  readonly approvals: readonly string[]
  /** Ids of its span: fresh ones where no OpenTelemetry SDK is registered. */
  readonly ids: SpanIds
  /** Runs a part of the call inside its span; as often as needed. */
  run<Result>(part: () => Result): Result
  /** Signs the receipt and ends the span; the first time counts. */
  end(status: ReceiptStatus): void
}

/** Opens a call that outlives one function, a stream for instance. `act` is the usual way. */
export function openAct(runtime: Runtime, call: Call | Proposal, options: ActOptions): OpenAct {
  const state = runtime.storage.getStore()
  const chain = state?.chain
  const proposal = proposedCall(runtime, call, chain)
  const presented = presentedWith(options, runtime.agent)
  const at = Math.floor(Date.now() / 1000)
  const base = {
    ...chainAttributes(chain, runtime.agent),
    ...callAttributes(proposal, isShown(runtime, proposal)),
  }
  const { onSpans } = runtime.recorder
  const span = openSpan({
    name: `execute_tool ${toolName(proposal.tool)}`,
    kind: kindOf(proposal),
    attributes: {
      ...options.attributes,
      ...genAiAttributes(proposal.tool),
      ...(onSpans ? base : withoutContent(base)),
      ...presentedAttributes(presented, chain, onSpans),
    },
    parent: parentContext(state),
    recorder: runtime.recorder,
  })
  recordPresented(runtime, presented, base, span.ids)
  let ended = false
  const open: OpenAct = {
    proposal,
    chain,
    approvals: presented.approvals,
    ids: span.ids,
    run: (part) => runWith(runtime.storage, { chain, act: open, context: span.context }, part),
    end: (status) => {
      if (ended) return
      ended = true
      sign(runtime, { proposal, chain, presented, at, span, base }, status)
      span.end(status !== 'ok')
    },
  }
  return open
}

/** Runs a function as one call; its error is rethrown as it is, and the receipt says so. */
export async function act<Result>(
  runtime: Runtime,
  call: Call | Proposal,
  run: (open: OpenAct) => Result | PromiseLike<Result>,
  options: ActOptions,
): Promise<Result> {
  const open = openAct(runtime, call, options)
  try {
    const result = await open.run(() => run(open))
    open.end('ok')
    return result
  } catch (error) {
    open.end(statusOf(error))
    throw error
  }
}

/** An application says that a call was refused by throwing `SdkError` `denied`. */
export function statusOf(error: unknown): ReceiptStatus {
  return error instanceof SdkError && error.code === 'denied' ? 'denied' : 'failed'
}

/** Grants decide what is disclosed: the chain's, or what the agent may do on its own account. */
export function grantsInForce(
  runtime: Runtime,
  chain: Chain | undefined,
): readonly ToolGrants[] | undefined {
  if (!runtime.disclose) return undefined
  return chain === undefined ? [runtime.standing] : grantsOf(chain)
}

function proposedCall(runtime: Runtime, call: Call | Proposal, chain: Chain | undefined): Proposal {
  if (!isProposal(call)) return proposalOf(call, grantsInForce(runtime, chain))
  return checkedProposal(call)
}

function isShown(runtime: Runtime, proposal: Proposal): boolean {
  return runtime.disclose && proposal.withheld === undefined
}

function kindOf(proposal: Proposal): Kind {
  return proposal.audience === '' ? 'internal' : 'client'
}

interface Presented {
  readonly approvals: readonly string[]
  readonly approvalHashes: readonly string[]
  readonly decision: string | undefined
  readonly decisionHash: string | undefined
  readonly caller: string | undefined
  readonly drivers: readonly string[]
  readonly credential: string | undefined
}

function presentedWith(options: ActOptions, agent: string): Presented {
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
  }
}

const HASH = /^[A-Za-z0-9_-]{43}$/

function hashOf(text: string, what: string): string {
  const hash = text.length > LIMITS.artefactSize ? undefined : signingInputHash(text)
  if (hash === undefined) throw new SdkError('invalid_artefact', `this is no signed ${what}`)
  return hash
}

function presentedAttributes(
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
    ...(chain === undefined && caller !== undefined ? { [ATTR.assertedDelegator]: caller } : {}),
  }
}

/** For a trace back end of somebody else: no values of the call. */
function withoutContent(attributes: Attributes): Attributes {
  const { [ATTR.actionArgs]: _args, [ATTR.actionArgNames]: _names, ...kept } = attributes
  return kept
}

function recordPresented(
  { recorder }: Runtime,
  presented: Presented,
  attributes: Attributes,
  ids: SpanIds,
): void {
  for (const text of presented.approvals) recorder.approval(text, attributes, ids)
  if (presented.decision !== undefined)
    recorder.event({ name: EVENT.decision, text: presented.decision, attributes, ids })
}

interface Done {
  readonly proposal: Proposal
  readonly chain: Chain | undefined
  readonly presented: Presented
  readonly at: number
  readonly span: OpenSpan
  readonly base: Attributes
}

/** Evidence that cannot be signed is counted; the call itself has happened and stands. */
function sign(runtime: Runtime, done: Done, status: ReceiptStatus): void {
  const { recorder } = runtime
  const { proposal, chain, presented, at, span } = done
  try {
    const text = receiptOf({
      signer: runtime.key,
      collector: runtime.collector,
      agent: runtime.agent,
      chain,
      proposal,
      disclose: isShown(runtime, proposal),
      ids: span.ids,
      at,
      status,
      approvals: presented.approvalHashes,
      decision: presented.decisionHash,
      drivers: presented.drivers,
      credential: presented.credential,
    })
    if (recorder.onSpans) span.set(ATTR.receipt, text)
    recorder.event({ name: EVENT.receipt, text, attributes: done.base, ids: span.ids })
  } catch {
    recorder.failed('receipt_failed', `no receipt could be signed for a call of ${proposal.tool}`)
  }
}
