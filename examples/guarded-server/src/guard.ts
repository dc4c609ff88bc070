import { readFileSync } from 'node:fs'
import {
  APPROVALS,
  ISSUER,
  type Keys,
  RESOURCE,
  SERVICE,
} from '@delegraph/example-approval-riding/cast'
import { createGuard, type Guard } from '@delegraph/sdk/guard'

const POLICY = new URL('../policy.cedar', import.meta.url)

/**
 * In front of the tool server: refuses what the chain does not cover, only observes what `policy.cedar` says, and signs
 * each decision. It asks nobody about withdrawals, as one that was put there in a hurry.
 */
export function guardOf(keys: Keys): Guard {
  return createGuard({
    audience: RESOURCE,
    trust: {
      anchors: [{ iss: ISSUER, kid: 'root', jwk: keys.issuer.jwk }],
      approvers: [{ iss: APPROVALS, kid: 'approvals', jwk: keys.approvals.jwk }],
    },
    policy: { source: readFileSync(POLICY, 'utf8'), mode: 'observe', env: 'staging' },
    decisions: { signer: keys.service, kid: 'service', iss: SERVICE },
  })
}
