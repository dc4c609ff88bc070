import {
  type ReceiptClaims,
  type ReceiptStatus,
  type Signer,
  signingInputHash,
  signReceipt,
} from '@delegraph/link'
import type { SpanIds } from '../evidence/event.ts'
import type { Chain } from '../link/chain.ts'
import type { Proposal } from './proposal.ts'

/** Under which key a service signs receipts of the calls that it served; collectors must know it. */
export interface ServiceKey {
  readonly signer: Signer
  readonly kid: string
  /** The service, a URI. */
  readonly iss: string
}

export interface ServedCall {
  readonly key: ServiceKey
  readonly collector: string
  readonly chain: Chain
  readonly proposal: Proposal
  /** The caller's span: both receipts of one call name the same. */
  readonly ids: SpanIds
  /** NumericDate. */
  readonly at: number
  readonly status: ReceiptStatus
  readonly approvals: readonly string[]
}

/**
 * Signs the service's half of a call: what it was asked, under which link, and how it ended. A
 * collector compares it with the acting agent's own receipt.
 */
export function servedReceiptOf(served: ServedCall): string {
  const { key, chain, proposal, ids } = served
  const hashes = served.approvals.flatMap((text) => signingInputHash(text) ?? [])
  const [only, ...more] = hashes
  const claims: Omit<ReceiptClaims, 'jti'> = {
    iss: key.iss,
    aud: served.collector,
    iat: served.at,
    txn: chain.task,
    aat_hash: chain.hash,
    aat_tool: proposal.tool,
    action_hash: proposal.hash,
    result: { status: served.status },
    trace: { trace_id: ids.traceId, span_id: ids.spanId },
    rest: proposal.rest,
    args: proposal.disclosed,
    arg_names: proposal.argNames,
    ...(proposal.audience === '' ? {} : { aat_aud: proposal.audience }),
    ...(only === undefined ? {} : { apr_hash: more.length === 0 ? only : hashes }),
  }
  return signReceipt({ signer: key.signer, kid: key.kid, claims }).text
}
