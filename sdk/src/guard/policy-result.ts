import { OK, type Outcome, outcomeOf, type Verdict } from '@delegraph/graph-schema'
import { type ChainLink, EVALUATION_LIMITS, type PolicyEvaluation } from '@delegraph/link'
import type { PolicyAnswer } from '@delegraph/link/policy'
import type { Call, Proposal } from '../act/proposal.ts'
import type { Presentation } from '../carriage/presentation.ts'
import type { PresentedApproval } from './parts.ts'

/** What the policy said of one call. */
export interface PolicyResult extends PolicyAnswer {
  readonly mode: 'observe' | 'enforce'
  /** Digest of the policy set; of a decision point that was asked, of its address. */
  readonly hash: string
  /** `cedar/4.13.0`, `authzen/1.0`. */
  readonly engine: string
  /** Microseconds. */
  readonly latency: number
}

/** What a policy is asked about, once the signatures of the path hold. */
export interface PolicyCase {
  readonly links: readonly ChainLink[]
  readonly call: Required<Call>
  readonly presentation: Presentation
  readonly action: Proposal | undefined
  /** Whether everything but approvals and policy holds: where not, the call is refused whatever a policy says. */
  readonly proved: boolean
  /** NumericDate. */
  readonly at: number
  readonly verdict: Verdict
  /** Those that count for this very call; undefined where one is still to be given, and what hangs on it unknown. */
  readonly counting: readonly PresentedApproval[] | undefined
}

/** Asks a policy about one call; undefined where it was not asked. Never throws, never rejects. */
export type PolicyDesk = (
  about: PolicyCase,
) => PolicyResult | undefined | Promise<PolicyResult | undefined>

/**
 * The decision part of a verdict. An enforced no is a no, whoever else was asked; a yes stands where no decision point
 * was to be asked, and never in its place.
 */
export function withPolicy(
  decided: Outcome,
  policy: PolicyResult | undefined,
  pointIsAsked: boolean,
): Outcome {
  if (policy?.mode !== 'enforce' || policy.decision === 'unknown') return decided
  if (policy.decision === 'deny')
    return outcomeOf('decision_denied', policy.errors.length > 0 ? 'policy_error' : 'policy')
  return pointIsAsked ? decided : OK
}

/** What a signed decision says of it. */
export function evaluationOf(policy: PolicyResult): PolicyEvaluation {
  const { mode, decision, policies, errors, latency, engine } = policy
  const most = EVALUATION_LIMITS
  return {
    ...{ mode, engine, latency_us: latency },
    decision: decision === 'allow',
    policies: policies.slice(0, most.policies),
    ...(errors.length === 0 ? {} : { errors: errors.slice(0, most.errors) }),
  }
}
