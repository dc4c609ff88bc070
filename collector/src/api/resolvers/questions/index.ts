import type { Fields } from '../fields.ts'
import { snapshotFields } from './asked.ts'
import { askBlastRadius, blastRadiusFields, reachFields, startFields } from './blast-radius.ts'
import { askCoverage, coverageFields } from './coverage.ts'
import { askLeastPrivilege, leastPrivilegeFields, proposalFields } from './least-privilege.ts'
import { askWhatIf, whatIfFields } from './what-if.ts'
import { askWhy, whyFields } from './why.ts'

export const questionQueryFields: Fields<unknown> = {
  blastRadius: (_, args, context) => askBlastRadius(args, context),
  whatIf: (_, args, context) => askWhatIf(args, context),
  why: (_, args, context) => askWhy(args, context),
  coverage: (_, args, context) => askCoverage(args, context),
  leastPrivilege: (_, args, context) => askLeastPrivilege(args, context),
}

const byKind = { __resolveType: (value: { readonly kind: string }) => value.kind }

export const QUESTION_RESOLVERS = {
  BlastRadiusResult: byKind,
  WhatIfResult: byKind,
  WhyResult: byKind,
  LeastPrivilegeResult: byKind,
  Snapshot: snapshotFields,
  BlastRadius: blastRadiusFields,
  StartNode: startFields,
  Reach: reachFields,
  WhatIf: whatIfFields,
  Why: whyFields,
  AgentCoverage: coverageFields,
  LeastPrivilege: leastPrivilegeFields,
  ProposedGrant: proposalFields,
}
