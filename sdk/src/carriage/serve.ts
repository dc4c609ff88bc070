import { ATTR, EVENT } from '@delegraph/graph-schema'
import { type ReceiptStatus, signingInputHash } from '@delegraph/link'
import { type Context, trace } from '@opentelemetry/api'
import { chainAttributes } from '../act/attributes.ts'
import type { Call } from '../act/proposal.ts'
import type { Runtime } from '../act/runtime.ts'
import { type ServiceKey, servedReceiptOf } from '../act/served-receipt.ts'
import { SdkError } from '../errors.ts'
import type { Attributes, SpanIds } from '../evidence/event.ts'
import { signedDecision } from '../guard/decision.ts'
import type { Guard } from '../guard/guard.ts'
import type { GuardResult } from '../guard/result.ts'
import { activeIds, runWith } from '../trace/run.ts'
import { type OpenSpan, openSpan } from '../trace/span.ts'
import { CALLER } from '../trace/state.ts'
import { INCOMING, type IncomingCall, readIncoming } from './incoming.ts'
import type { Presentation } from './presentation.ts'

/** How a service takes part, whatever carries the calls. */
export interface ServiceOptions {
  /** URI of the resource, as clients name it. */
  readonly resource: string
  /**
   * Signs a receipt of each call that came with a chain and its salt, beside the caller's own, so that
   * a collector can compare what both ends say of it.
   */
  readonly receipts?: ServiceKey
  /**
   * Judges each call before it is served, by what was presented with it. With `mode: 'enforce'` a
   * call that it refuses does not reach its handler, and the caller is told no more than that.
   */
  readonly guard?: Guard
}

/** Throws `SdkError` `invalid_config` for a guard of another service: it would refuse every call. */
export function checkService({ resource, guard }: ServiceOptions): void {
  if (guard !== undefined && guard.audience !== resource)
    throw new SdkError('invalid_config', `the guard is for ${guard.audience}, not for ${resource}`)
}

/** One request as a carrier brought it. */
export interface ServedRequest {
  readonly call: Required<Call>
  readonly presentation: Presentation
  /** The trace context of the caller. */
  readonly parent: Context
  readonly span: { readonly name: string; readonly attributes: Attributes }
}

/** A call under way at the service. */
export interface OpenService {
  readonly incoming: IncomingCall
  /** A guard that enforces said no: the handler must not run. */
  readonly refused: boolean
  /** Runs a part of the handling inside the span; as often as needed. */
  run<Result>(part: () => Result): Result
  /** Signs the receipt and ends the span; `pending` for a call that is not over, which has none. */
  end(status: ReceiptStatus | 'pending'): void
}

/** Opens one served call: reads and reports what came, opens the span, asks the guard. */
export async function openService(
  runtime: Runtime,
  options: ServiceOptions,
  request: ServedRequest,
): Promise<OpenService> {
  const { call, presentation, parent } = request
  // Links and approvals belong to the caller's span, which is the action that they are for.
  const [read, caller] = runWith(runtime.storage, { context: parent }, () => [
    readIncoming(runtime, call, presentation),
    activeIds(runtime.storage.getStore()),
  ])
  const at = Math.floor(Date.now() / 1000)
  const { guard } = options
  const found = await guard?.check(presentation, call).catch(() => {
    runtime.recorder.failed('guard_failed', 'a guard threw; where it enforces, the call is refused')
    return undefined
  })
  const incoming = found === undefined ? read : withGuard(read, found)
  const span = openSpan({
    name: request.span.name,
    kind: 'server',
    attributes: {
      ...chainAttributes(incoming.chain, runtime.agent),
      [ATTR.agentId]: runtime.agent,
      ...request.span.attributes,
    },
    parent,
    recorder: runtime.recorder,
  })
  const refused = guard?.mode === 'enforce' && found?.accept !== true
  if (guard !== undefined && found !== undefined)
    recordDecisions(runtime, guard, found, { at, ids: caller })
  return {
    incoming,
    refused,
    run: (part) =>
      runWith(runtime.storage, { context: span.context }, () =>
        CALLER.run(incoming.caller, () => INCOMING.run(incoming, part)),
      ),
    end: (status) => {
      if (status !== 'pending')
        recordServed(runtime, options, { incoming, presentation, at, status, span, parent })
      span.end(status === 'failed' || status === 'denied')
    },
  }
}

/** Serves one call from its opening to its end; `refuse` makes the answer to one that is not served. */
export async function serveCall<Result>(
  runtime: Runtime,
  options: ServiceOptions,
  request: ServedRequest,
  handling: {
    handle(): Result | PromiseLike<Result>
    refuse(incoming: IncomingCall): Result | PromiseLike<Result>
    statusOf(result: Result): ReceiptStatus | 'pending'
  },
): Promise<Result> {
  const open = await openService(runtime, options, request)
  let status: ReceiptStatus | 'pending' = open.refused ? 'denied' : 'failed'
  try {
    const { refused, incoming } = open
    const part = () => (refused ? handling.refuse(incoming) : handling.handle())
    const result = await open.run(part)
    const end = handling.statusOf(result)
    if (!refused || end === 'pending') status = end
    return result
  } finally {
    open.end(status)
  }
}

/** What a guard verified stands in place of what was only read. */
function withGuard(read: IncomingCall, guard: GuardResult): IncomingCall {
  const { chain = read.chain, action = read.action } = guard
  return {
    ...read,
    guard,
    ...(chain === undefined ? {} : { chain, caller: chain.leaf.act.sub }),
    ...(action === undefined ? {} : { action }),
  }
}

/**
 * Only who enforces has decided: an observing guard that says no and lets the call through would
 * testify to a refusal that nobody heard.
 */
function recordDecisions(
  runtime: Runtime,
  guard: Guard,
  found: GuardResult,
  about: { readonly at: number; readonly ids: SpanIds | undefined },
): void {
  const { accept, chain, action, decision, policy } = found
  const { recorder, agent, collector } = runtime
  if (chain === undefined || action === undefined) return
  const attributes = {
    ...chainAttributes(chain, agent),
    [ATTR.tool]: action.tool,
    [ATTR.actionHash]: action.hash,
  }
  const { at, ids } = about
  const record = (text: string) => recorder.event({ name: EVENT.decision, text, attributes, ids })
  if (decision !== undefined) record(decision)
  if (guard.decisions === undefined || guard.mode !== 'enforce') return
  if (!accept && !isHoldersNew(found)) return
  try {
    record(signedDecision(guard.decisions, { chain, action, accept, policy, collector, at }))
  } catch {
    recorder.failed('decision_failed', 'a decision could not be signed')
  }
}

/**
 * A refusal is signed only of a call that the holder himself makes, and for the first time. Whoever
 * sends somebody's call again must not get a no into the record of the one that was made.
 */
function isHoldersNew({ verdict, needsApproval }: GuardResult): boolean {
  const { chain, possession, approval } = verdict
  const again = 'code' in approval && approval.code === 'approval_replayed'
  return chain.state === 'ok' && possession.state === 'ok' && !needsApproval && !again
}

interface Ended {
  readonly incoming: IncomingCall
  readonly presentation: Presentation
  readonly at: number
  readonly status: ReceiptStatus
  readonly span: OpenSpan
  readonly parent: Context
}

/** The receipt of a call whose hash is known; none where there is nothing to sign. Never throws. */
function recordServed(runtime: Runtime, { receipts }: ServiceOptions, ended: Ended): void {
  const { incoming, at, status, span } = ended
  const { chain, action, guard } = incoming
  const ids = trace.getSpanContext(ended.parent)
  if (receipts === undefined || chain === undefined || action === undefined) return
  if (ids === undefined) return
  if (status === 'denied' && guard !== undefined && !isHoldersNew(guard)) return
  const { recorder, agent, collector } = runtime
  try {
    const text = servedReceiptOf(receipts, {
      ...{ agent, collector, chain, ids, at, status },
      proposal: action,
      approvals: guard?.approvals ?? incoming.approvals,
      pop: guard === undefined ? popIn(ended.presentation) : guard.pop,
    })
    const attributes = { ...chainAttributes(chain, agent), [ATTR.tool]: incoming.tool }
    recorder.event({ name: EVENT.receipt, text, attributes, ids })
    if (recorder.onSpans) span.set(ATTR.receipt, text)
  } catch {
    recorder.failed('receipt_failed', 'a receipt could not be signed')
  }
}

function popIn({ pop }: Presentation): string | undefined {
  return pop === undefined ? undefined : signingInputHash(pop)
}
