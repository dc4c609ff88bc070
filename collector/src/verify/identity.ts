import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { type AttestedIdentity, type HolderIdentity, MAX_IAT_SKEW } from '@delegraph/link'
import type { Registry } from './registry.ts'

/** Who may say whose key it is, beside the delegator: owners, and trust domains. */
export interface IdentitySources {
  readonly registry: Registry
  readonly identities: readonly AttestedIdentity[]
  /** What the trust roots ask for; `prefer_attested` where absent. */
  readonly holderIdentity?: HolderIdentity
}

/**
 * Whether the owners or a trust domain, and not only the delegator, say that the key belongs to the
 * agent. One of them that names another agent fails it, whatever the others say. Where nobody says so it is
 * asserted, and fails where the trust roots require more: the agent had to be attested, and was not.
 */
export function identityOutcome(
  thumbprint: string | undefined,
  agent: string,
  at: number,
  { registry, identities, holderIdentity }: IdentitySources,
): Outcome {
  const asserted = (detail?: string) =>
    holderIdentity === 'require_attested'
      ? outcomeOf('identity_unattested', detail)
      : outcomeOf('identity_asserted', detail)
  if (thumbprint === undefined) return asserted()
  const registered = registry.agentOfKey(thumbprint)
  if (registered !== undefined && registered !== agent) return boundToAnother('registry')
  const ofKey = identities.filter(({ jkt }) => jkt === thumbprint)
  const then = ofKey.filter(({ from = 0, until }) => from - MAX_IAT_SKEW <= at && at < until)
  if (then.some(({ sub }) => sub !== agent)) return boundToAnother('attested')
  if (registered !== undefined || then.length > 0) return OK
  return asserted(ofKey.length > 0 ? 'out_of_time' : undefined)
}

function boundToAnother(detail: 'registry' | 'attested'): Outcome {
  return outcomeOf('holder_binding_failed', detail)
}
