import type { LinkClaims } from '@delegraph/link'
import type { Proposal } from '../act/proposal.ts'

/** An access evaluation request of AuthZEN 1.0. Arguments are in it only by the hash of the call. */
export type DecisionRequest = {
  readonly subject: { readonly type: 'user'; readonly id: string }
  readonly action: { readonly name: string }
  readonly resource: { readonly type: 'service'; readonly id: string }
  readonly context: {
    /** The agent that acts; the subject is whom it acts for. */
    readonly agent: string
    readonly task: string
    readonly aat_hash: string
    readonly action_hash: string
  }
}

/** `leaf`: the last link, verified. */
export function requestOf(
  { claims, hash }: { readonly claims: LinkClaims; readonly hash: string },
  action: Proposal,
): DecisionRequest {
  const { sub, act, txn } = claims
  return {
    subject: { type: 'user', id: sub },
    action: { name: action.tool },
    resource: { type: 'service', id: action.audience },
    context: { agent: act.sub, task: txn, aat_hash: hash, action_hash: action.hash },
  }
}
