import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  canonicalize,
  type Json,
  signDecision,
  type TrustedIssuer,
  textDigest,
  uuidv7,
  verifyDecision,
} from '@delegraph/link'
import type { Proposal } from '../act/proposal.ts'
import type { ServiceKey } from '../act/served-receipt.ts'
import type { Chain } from '../link/chain.ts'
import { type DecisionRequest, requestOf } from './decision-request.ts'
import { evaluationOf, type PolicyResult } from './policy-result.ts'

/** What a decision point's signed text says of this very call; anything else is no decision. */
export function judgeDecisionText(
  text: string | undefined,
  pdps: readonly TrustedIssuer[],
  request: DecisionRequest,
): Outcome {
  if (typeof text !== 'string') return outcomeOf('decision_missing')
  const { outcome, claims } = verifyDecision(text, pdps)
  if (outcome.state !== 'ok' || claims === undefined)
    return outcomeOf('decision_missing', 'code' in outcome ? outcome.code : 'claims')
  const { aat_hash, action_hash } = request.context
  if (claims.action_hash !== action_hash || claims.aat_hash !== aat_hash)
    return outcomeOf('decision_missing', 'other_call')
  return claims.decision ? OK : outcomeOf('decision_denied')
}

/** Signs what a guard decided on a call. Throws `LinkError` where that cannot be signed. */
export function signedDecision(
  { signer, kid, iss }: ServiceKey,
  decided: {
    readonly chain: Chain
    readonly action: Proposal
    readonly accept: boolean
    /** What the guard's own policy said. */
    readonly policy?: PolicyResult | undefined
    /** `aud`: the collector. */
    readonly collector: string
    /** NumericDate. */
    readonly at: number
  },
): string {
  const { chain, action, accept, policy, collector, at } = decided
  const request: Json = requestOf({ claims: chain.leaf, hash: chain.hash }, action)
  const claims = {
    iss,
    aud: collector,
    iat: at,
    txn: chain.task,
    evaluation_id: uuidv7(at * 1000),
    request_hash: textDigest(canonicalize(request)),
    aat_hash: chain.hash,
    aat_tool: action.tool,
    aat_aud: action.audience,
    action_hash: action.hash,
    decision: accept,
    ...(policy === undefined ? {} : { policy: policy.hash, evaluation: evaluationOf(policy) }),
  }
  return signDecision({ signer, kid, claims }).text
}
