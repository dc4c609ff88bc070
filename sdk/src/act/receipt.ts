import {
  LinkError,
  type ReceiptClaims,
  type ReceiptStatus,
  type Signer,
  signReceipt,
} from '@delegraph/link'
import type { SpanIds } from '../evidence/event.ts'
import type { Chain } from '../link/chain.ts'
import type { Said } from './presented.ts'
import type { Proposal } from './proposal.ts'

/** What is said of a call, whoever signs it. */
export interface ToldCall {
  readonly collector: string
  readonly agent: string
  readonly chain: Chain | undefined
  readonly proposal: Proposal
  readonly disclose: boolean
  readonly ids: SpanIds
  /** NumericDate of the action. */
  readonly at: number
  readonly status: ReceiptStatus
  /** Hashes of what was presented. */
  readonly approvals: readonly string[]
  readonly decision: string | undefined
  readonly drivers: readonly string[]
  readonly credential: string | undefined
  /** Hash of the proof of possession that went with the call. */
  readonly pop: string | undefined
  readonly said: Said
}

export interface NewReceipt extends ToldCall {
  readonly signer: Signer
}

export type ToldClaims = Omit<ReceiptClaims, 'iss' | 'jti'>

/**
 * Signs what was done. `iat` is the time of the action, not of its end: approval and expiry are
 * judged by it, and a call may take longer than the minute that verifiers allow between the two.
 */
export function receiptOf(receipt: NewReceipt): string {
  const { signer } = receipt
  return signedText(receipt, (claims) => signReceipt({ signer, claims }).text)
}

/** The text that `sign` makes of a call; arguments that no receipt can hold are withheld. */
export function signedText(call: ToldCall, sign: (claims: ToldClaims) => string): string {
  const claims = claimsOf(call)
  try {
    return sign(claims)
  } catch (error) {
    if (!(error instanceof LinkError) || claims.args === undefined) throw error
    // The call is still named by its hash.
    const { args: _args, arg_names: _names, ...kept } = claims
    return sign(kept)
  }
}

function claimsOf(receipt: ToldCall): ToldClaims {
  const { chain, proposal, approvals, decision, drivers, credential, pop, ids } = receipt
  const [only, ...more] = approvals
  return {
    aud: receipt.collector,
    iat: receipt.at,
    aat_tool: proposal.tool,
    action_hash: proposal.hash,
    result: { status: receipt.status },
    trace: { trace_id: ids.traceId, span_id: ids.spanId },
    rest: proposal.rest,
    ...(chain === undefined
      ? { act: { sub: receipt.agent } }
      : { aat_hash: chain.hash, txn: chain.task }),
    ...receipt.said,
    ...(proposal.audience === '' ? {} : { aat_aud: proposal.audience }),
    ...(receipt.disclose ? { args: proposal.disclosed, arg_names: proposal.argNames } : {}),
    ...(pop === undefined ? {} : { pop_hash: pop }),
    ...(only === undefined ? {} : { apr_hash: more.length === 0 ? only : approvals }),
    ...(decision === undefined ? {} : { dec_hash: decision }),
    ...(drivers.length === 0 ? {} : { drivers }),
    ...(credential === undefined ? {} : { credential }),
  }
}
