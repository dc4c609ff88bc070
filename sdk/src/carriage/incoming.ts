import { AsyncLocalStorage } from 'node:async_hooks'
import { ATTR } from '@delegraph/graph-schema'
import { splitArguments } from '@delegraph/link'
import { chainAttributes } from '../act/attributes.ts'
import { type Call, type Proposal, reopened } from '../act/proposal.ts'
import type { Runtime } from '../act/runtime.ts'
import type { GuardResult } from '../guard/result.ts'
import { type Chain, grantsOf } from '../link/chain.ts'
import { isRefusal } from '../link/parse-chain.ts'
import { reported } from '../link/receive.ts'
import { activeIds } from '../trace/run.ts'
import type { Presentation } from './presentation.ts'

/**
 * What came with a request. The chain is verified where the instance has `anchors`, and otherwise
 * only read; the approvals are only read in either case. With a guard, `guard` says what holds.
 */
export interface IncomingCall {
  /** Tool URI. */
  readonly tool: string
  readonly chain?: Chain
  /** Why the chain that was sent is none: an outcome code. */
  readonly refused?: string
  /** Agent id of the chain's holder. */
  readonly caller?: string
  /** Signed approvals as sent. */
  readonly approvals: readonly string[]
  /** The call with the hash that approvals must name; absent where no salt was sent. */
  readonly action?: Proposal
  /** What the guard found, where the service has one. */
  readonly guard?: GuardResult
}

/** The request being served here, as it came. */
export function incomingCall(): IncomingCall | undefined {
  return INCOMING.getStore()
}

export const INCOMING = new AsyncLocalStorage<IncomingCall>()

/** Reads what came with one call and reports its links and approvals. Never throws on what was sent. */
export function readIncoming(
  runtime: Runtime,
  call: Required<Call>,
  presentation: Presentation,
): IncomingCall {
  const { tool } = call
  const { approvals } = presentation
  const found = chainIn(runtime, presentation)
  const chain = found === undefined || isRefusal(found) ? undefined : found
  const ids = activeIds(runtime.storage.getStore())
  const attributes = { ...chainAttributes(chain, runtime.agent), [ATTR.tool]: tool }
  for (const text of approvals) runtime.recorder.approval(text, attributes, ids)
  const action = actionIn(presentation, chain, call)
  return {
    tool,
    approvals,
    ...(chain === undefined ? {} : { chain, caller: chain.leaf.act.sub }),
    ...(found !== undefined && isRefusal(found) ? { refused: found.refused } : {}),
    ...(action === undefined ? {} : { action }),
  }
}

/** The links above a leaf that came alone are for a guard to fetch. */
function chainIn(runtime: Runtime, { chain, refs }: Presentation) {
  if (chain.length === 0) return undefined
  const found = reported(runtime, chain)
  return refs.length === 0 ? found : { refused: 'unknown:chain_incomplete' }
}

/** The call as its two ends name it; undefined where what was sent does not say it. */
export function actionIn(
  { salt, disclosed, chain: sent }: Presentation,
  chain: Chain | undefined,
  call: Required<Call>,
): Proposal | undefined {
  if (salt === undefined) return undefined
  if (disclosed !== undefined) return reopened(call, salt, (name) => disclosed.includes(name))
  // Which arguments are hashed openly is told by the chain; one that nobody has tells nothing.
  if (chain === undefined && sent.length > 0) return undefined
  const grants = chain === undefined ? [] : grantsOf(chain)
  const open = splitArguments(grants, call.tool, call.args).disclosed
  return reopened(call, salt, (name) => Object.hasOwn(open, name))
}
