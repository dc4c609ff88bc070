import { ATTR, EVENT } from '@delegraph/graph-schema'
import type { LinkLimits, ReceiptStatus } from '@delegraph/link'
import { SdkError } from '../errors.ts'
import type { Attributes } from '../evidence/event.ts'
import { type Chain, grantsOf } from '../link/chain.ts'
import { parentContext, runWith } from '../trace/run.ts'
import { type Kind, type OpenSpan, openSpan } from '../trace/span.ts'
import { callAttributes, chainAttributes, genAiAttributes, toolName } from './attributes.ts'
import { reportIdentity } from './identity.ts'
import type { OpenAct } from './open-act.ts'
import {
  type ActOptions,
  checkedHashes,
  type Presented,
  presentedAttributes,
  presentedWith,
  recordPresented,
  type Said,
  saidAttributes,
  withApproval,
} from './presented.ts'
import { proofOf } from './proof.ts'
import { type Call, checkedProposal, isProposal, type Proposal, proposalOf } from './proposal.ts'
import { receiptOf } from './receipt.ts'
import type { Runtime } from './runtime.ts'

/** Opens a call that outlives one function, a stream for instance. `act` is the usual way. */
export function openAct(runtime: Runtime, call: Call | Proposal, options: ActOptions): OpenAct {
  const state = runtime.storage.getStore()
  const chain = state?.chain
  const proposal = proposedCall(runtime, call, chain)
  let presented = presentedWith(options, runtime.agent)
  const at = Math.floor(Date.now() / 1000)
  const base = {
    ...chainAttributes(chain, runtime.agent),
    ...callAttributes(proposal, isShown(runtime, proposal)),
    ...saidAttributes(presented.said),
  }
  const out: string[] = []
  const { recorder } = runtime
  const { onSpans } = recorder
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
    recorder,
  })
  recordPresented(recorder, presented, base, span.ids)
  reportIdentity(runtime, span)
  let ended = false
  let pop: string | undefined
  const open: OpenAct = {
    proposal,
    chain,
    get approvals() {
      return presented.approvals
    },
    ids: span.ids,
    prove: () => {
      const proof = proofOf(runtime, chain, proposal)
      pop = proof?.hash ?? pop
      return proof?.text
    },
    present: (text) => {
      presented = withApproval(presented, text)
      if (onSpans) span.set(ATTR.approval, presented.approvals)
      recorder.approval(text, base, span.ids)
    },
    run: (part) => runWith(runtime.storage, { chain, act: open, context: span.context }, part),
    returned: (...hashes) => void out.push(...checkedHashes(hashes)),
    end: (status) => {
      if (ended) return
      ended = true
      const said = out.length === 0 ? {} : { data_out: [...new Set(out)] }
      if (out.length > 0) span.set(ATTR.dataOut, said.data_out ?? [])
      sign(runtime, { proposal, chain, presented, pop, said, at, span, base }, status)
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
): readonly LinkLimits[] | undefined {
  if (!runtime.disclose) return undefined
  const granted = chain === undefined ? [{ tools: runtime.standing }] : grantsOf(chain)
  return [...granted, { tools: runtime.shown }]
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

/** For a trace back end of somebody else: no values of the call. */
function withoutContent(attributes: Attributes): Attributes {
  const { [ATTR.actionArgs]: _args, [ATTR.actionArgNames]: _names, ...kept } = attributes
  return kept
}

interface Done {
  readonly proposal: Proposal
  readonly chain: Chain | undefined
  readonly presented: Presented
  readonly pop: string | undefined
  readonly said: Said
  readonly at: number
  readonly span: OpenSpan
  readonly base: Attributes
}

/** Evidence that cannot be signed is counted; the call itself has happened and stands. */
function sign(runtime: Runtime, done: Done, status: ReceiptStatus): void {
  const { recorder } = runtime
  const { proposal, chain, presented, pop, at, span } = done
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
      pop,
      said: { ...presented.said, ...done.said },
    })
    if (recorder.onSpans) span.set(ATTR.receipt, text)
    recorder.event({ name: EVENT.receipt, text, attributes: done.base, ids: span.ids })
  } catch {
    recorder.failed('receipt_failed', `no receipt could be signed for a call of ${proposal.tool}`)
  }
}
