import type { Fields } from '../fields.ts'
import { snapshotFields } from './asked.ts'
import { askBlastRadius, blastRadiusFields, reachFields, startFields } from './blast-radius.ts'
import { askCoverage, coverageFields, coveredHopFields } from './coverage.ts'
import { askLeastPrivilege, leastPrivilegeFields, proposalFields } from './least-privilege.ts'
import { askPaths, askReachedBy, endFields, reachedByFields } from './paths.ts'
import { askWhatIf, whatIfFields } from './what-if.ts'
import { askWhy, whyFields } from './why.ts'

export const questionQueryFields: Fields<unknown> = {
  blastRadius: (_, args, context) => askBlastRadius(args, context),
  paths: (_, args, context) => askPaths(args, context),
  reachedBy: (_, args, context) => askReachedBy(args, context),
  zones: (_, __, { zones }) => zones.all,
  whatIf: (_, args, context) => askWhatIf(args, context),
  why: (_, args, context) => askWhy(args, context),
  coverage: (_, args, context) => askCoverage(args, context),
  leastPrivilege: (_, args, context) => askLeastPrivilege(args, context),
}

const byKind = { __resolveType: (value: { readonly kind: string }) => value.kind }

export const QUESTION_RESOLVERS = {
  BlastRadiusResult: byKind,
  PathsResult: byKind,
  ReachedByResult: byKind,
  WhatIfResult: byKind,
  WhyResult: byKind,
  LeastPrivilegeResult: byKind,
  Snapshot: snapshotFields,
  BlastRadius: blastRadiusFields,
  StartNode: startFields,
  Reach: reachFields,
  End: endFields,
  ReachedBy: reachedByFields,
  WhatIf: whatIfFields,
  Why: whyFields,
  AgentCoverage: coverageFields,
  CoveredHop: coveredHopFields,
  LeastPrivilege: leastPrivilegeFields,
  ProposedGrant: proposalFields,
}
