import type { Rule } from '../rule.ts'
import { approvalReplay } from './approval-replay.ts'
import { approvedActionInheritance } from './approved-action-inheritance.ts'
import { brokenAction, brokenLink } from './broken-chain.ts'
import { confusedDeputy } from './confused-deputy.ts'
import { credentialReuse } from './credential-reuse.ts'
import { crossTraceInheritance } from './cross-trace-inheritance.ts'
import { denyLaundering } from './deny-laundering.ts'
import { expiredOrRevoked } from './expired-or-revoked.ts'
import { orphanChain, orphanLink } from './orphan-chain.ts'
import { substitutedAction, substitutedLink } from './principal-substitution.ts'
import { driftingAction, driftingLink } from './purpose-drift.ts'
import { resultDrivenWidening } from './result-driven-widening.ts'
import { widenedLink, widenedUse } from './scope-widening.ts'
import { selfGranted } from './self-granted.ts'
import { toxicCombination } from './toxic-combination.ts'
import { toxicHolding } from './toxic-holding.ts'
import { uncheckedHop } from './unchecked-hop.ts'

/** Every rule, in the order of the headlines. */
export const RULES: readonly Rule[] = [
  brokenLink,
  brokenAction,
  expiredOrRevoked,
  selfGranted,
  credentialReuse,
  substitutedLink,
  substitutedAction,
  denyLaundering,
  approvalReplay,
  approvedActionInheritance,
  widenedLink,
  widenedUse,
  confusedDeputy,
  resultDrivenWidening,
  crossTraceInheritance,
  toxicHolding,
  toxicCombination,
  driftingLink,
  driftingAction,
  orphanLink,
  orphanChain,
  uncheckedHop,
]
