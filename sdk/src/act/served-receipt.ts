import { type Signer, signingInputHash, signReceipt } from '@delegraph/link'
import type { Chain } from '../link/chain.ts'
import { signedText, type ToldCall } from './receipt.ts'

/** Under which key a service signs receipts of the calls that it served; collectors must know it. */
export interface ServiceKey {
  readonly signer: Signer
  readonly kid: string
  /** The service, a URI. */
  readonly iss: string
}

/** `ids` are those of the caller's span: both receipts of one call name the same. */
export interface ServedCall
  extends Pick<ToldCall, 'agent' | 'collector' | 'proposal' | 'ids' | 'at' | 'status'> {
  readonly chain: Chain
  /** Signed approvals as they came. */
  readonly approvals: readonly string[]
}

/**
 * Signs the service's half of a call: what it was asked, under which link, and how it ended. A
 * collector compares it with the acting agent's own receipt.
 */
export function servedReceiptOf({ signer, kid, iss }: ServiceKey, served: ServedCall): string {
  const told: ToldCall = {
    ...served,
    // A caller that shows no value may be one that shows no names either: it is not ours to tell.
    disclose: Object.keys(served.proposal.disclosed).length > 0,
    approvals: served.approvals.flatMap((text) => signingInputHash(text) ?? []),
    decision: undefined,
    drivers: [],
    credential: undefined,
    said: {},
  }
  return signedText(told, (claims) => signReceipt({ signer, kid, claims: { ...claims, iss } }).text)
}
