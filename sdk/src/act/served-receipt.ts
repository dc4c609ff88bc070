import { decodeUnverified, isFault, type Signer, signReceipt, TYP } from '@delegraph/link'
import type { Chain } from '../link/chain.ts'
import type { Proposal } from './proposal.ts'
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
  /** Signed approvals as they came, or those of them that a guard let count. */
  readonly approvals: readonly string[]
  /** Hash of the proof of possession that came with the call. */
  readonly pop: string | undefined
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
    approvals: served.approvals.flatMap((text) => approvalOf(served.proposal, text)),
    decision: undefined,
    drivers: [],
    credential: undefined,
    said: {},
  }
  return signedText(told, (claims) => signReceipt({ signer, kid, claims: { ...claims, iss } }).text)
}

/** The hash of an approval of this very call; a receipt names nothing else that somebody sent along. */
function approvalOf(proposal: Proposal, text: string): readonly string[] {
  const decoded = decodeUnverified(text)
  if (isFault(decoded) || decoded.typ !== TYP.approval) return []
  return decoded.payload['action_hash'] === proposal.hash ? [decoded.hash] : []
}
