import type { Verdict } from '@delegraph/graph-schema'
import type { Proposal } from '../act/proposal.ts'
import type { Chain } from '../link/chain.ts'
import type { PolicyResult } from './policy-result.ts'

/** What a guard says of one call. For the service and its evidence: a stranger hears yes or no. */
export interface GuardResult {
  /** Everything that the guard asks for is in order; whether that is enforced is the guard's `mode`. */
  readonly accept: boolean
  /** The parts that a collector judges too, each with its outcome. */
  readonly verdict: Verdict
  /** What nobody looked at: it could still be wrong. */
  readonly notChecked: readonly NotChecked[]
  /** The call is in order but for an approval that nobody has given yet. */
  readonly needsApproval: boolean
  /** The chain, where its signatures and links hold. */
  readonly chain?: Chain
  /** The call by the name that approvals and receipts give it. */
  readonly action?: Proposal
  /** Signed approvals that count for this call. */
  readonly approvals: readonly string[]
  /** Hash of the proof of possession, where it is the holder's. */
  readonly pop?: string
  /** The signed decision of the decision point that was asked. */
  readonly decision?: string
  /** What the guard's own policy said, where the signatures of the chain hold. */
  readonly policy?: PolicyResult
}

/**
 * `identity`: nobody was asked whose key it is, so the agent's name is the word of its delegator.
 * `revocation`: nobody was asked whether
 * a link was withdrawn. `decision`: there is no decision point, and no policy that is enforced. `effect`: the call has not happened.
 */
export type NotChecked = 'identity' | 'revocation' | 'decision' | 'effect'
