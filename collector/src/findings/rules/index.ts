import type { Rule } from '../rule.ts'
import { approvedActionInheritance } from './approved-action-inheritance.ts'
import { brokenAction, brokenLink } from './broken-chain.ts'
import { confusedDeputy } from './confused-deputy.ts'
import { credentialReuse } from './credential-reuse.ts'
import { orphanChain } from './orphan-chain.ts'
import { scopeWidening } from './scope-widening.ts'

/**
 * Every rule that runs, in the order in which an incident shows them: what makes the rest unproven
 * comes first.
 */
export const RULES: readonly Rule[] = [
  brokenLink,
  brokenAction,
  credentialReuse,
  approvedActionInheritance,
  scopeWidening,
  confusedDeputy,
  orphanChain,
]
