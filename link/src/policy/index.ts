/** Policies in Cedar on top of chains: checked, asked, and never believed where they err. */
export { type CheckedPolicies, checkPolicies, type PolicySource } from './check.ts'
export { diffPolicies, type PolicyDiff } from './diff.ts'
export {
  type PartState,
  POLICY_PARTS,
  type PolicyApproval,
  type PolicyFacts,
  type PolicyPart,
  shownApproval,
} from './facts.ts'
export { POLICY_LIMITS } from './limits.ts'
export { loadPolicy, type Policy, type PolicyAnswer, type PolicyFailure } from './policy.ts'
export type { Residual } from './residual.ts'
export { POLICY_SCHEMA } from './schema.ts'
export { PolicyError, type PolicyErrorCode, type Slip } from './slip.ts'
