import type { AlertDecision } from '../decided.ts'

const ALLOWED = { action_id: 1, action: 'Allowed', disposition_id: 1, disposition: 'Allowed' }
const DENIED = { action_id: 2, action: 'Denied', disposition_id: 2, disposition: 'Blocked' }
const OBSERVED = { action_id: 3, action: 'Observed', disposition_id: 17, disposition: 'Logged' }

/**
 * What was decided about an action, as the profile `security_control` of OCSF says it: `observed` where the call went
 * through and its policy was only listened to. Of several decisions a no stands for all, else the newest.
 * Source: ocsf-schema, `profiles/security_control`, `objects/policy`, `objects/authorization`.
 */
export function securityControl(
  decisions: readonly AlertDecision[],
): Readonly<Record<string, unknown>> | undefined {
  const decision = decisions.find(({ allowed }) => !allowed) ?? decisions[0]
  if (decision === undefined) return undefined
  const policy = policyOf(decision)
  return {
    ...outcomeOf(decision),
    ...(policy === undefined ? {} : { policy }),
    authorizations: decisions.map((one) => {
      const of = policyOf(one)
      return {
        decision: one.allowed ? 'allowed' : 'denied',
        ...(of === undefined ? {} : { policy: of }),
      }
    }),
  }
}

function outcomeOf({ allowed, evaluation }: AlertDecision) {
  if (!allowed) return DENIED
  return evaluation?.mode === 'observe' ? OBSERVED : ALLOWED
}

/** The set by its digest. `data` is what the record says of how it was asked, and what it said by itself. */
function policyOf({ id, policy, evaluation, issuer }: AlertDecision) {
  if (policy === undefined) return undefined
  const names = evaluation?.policies ?? []
  return {
    uid: policy,
    ...(names.length === 0 ? {} : { name: names.join(', ') }),
    ...(evaluation === undefined
      ? {}
      : { type: evaluation.engine, is_applied: evaluation.mode === 'enforce' }),
    data: {
      decision_uid: id,
      ...(issuer === undefined ? {} : { issuer }),
      ...(evaluation === undefined ? {} : { evaluation }),
    },
  }
}
