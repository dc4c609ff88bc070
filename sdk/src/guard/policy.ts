import { type CedarPolicy, cedarDesk } from './policy-cedar.ts'
import { type PointPolicy, pointDesk } from './policy-point.ts'
import type { PolicyDesk } from './policy-result.ts'

/** A policy on top of the chain: it can refuse what the chain allows, and never the other way round. */
export type GuardPolicy = CedarPolicy | PointPolicy

/** @throws SdkError `invalid_config` */
export function createPolicyDesk(policy: GuardPolicy): PolicyDesk {
  return 'point' in policy ? pointDesk(policy) : cedarDesk(policy)
}
