import type { GraphNode } from '@delegraph/graph-schema'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { DATE_TIME, JSON_VALUE } from '../scalars.ts'
import { actionFields, authorityFields, foreignTokenFields } from './action.ts'
import { agentFields, principalFields } from './agent.ts'
import { alertDeliveryFields, alertLog, alertLogFields, testAlertChannel } from './alerts.ts'
import { approvalFields } from './approval.ts'
import { caseEventFields, caseFields, caseItemFields } from './case/case.ts'
import { caseMutations } from './case/case-mutation.ts'
import { chainFields } from './chain.ts'
import { decisionFields, evaluationFields } from './decision.ts'
import {
  alertFields,
  culpritFields,
  factEvidenceFields,
  findingFields,
  flowFields,
  remedyFields,
  timelineFields,
} from './finding.ts'
import { findingGroupFields } from './finding-groups.ts'
import { hopFields, sourceFields } from './hop.ts'
import { inItsTime } from './in-its-time.ts'
import { linkFields } from './link.ts'
import { mutationFields } from './mutation.ts'
import { askPolicyReplay, policyReplayFields, replayedCallFields } from './policy-replay.ts'
import { postureFields, trendDayFields } from './posture.ts'
import { findingProof } from './proof.ts'
import { pulseFields } from './pulse.ts'
import { queryFields } from './query.ts'
import { QUESTION_RESOLVERS, questionQueryFields } from './questions/index.ts'
import { pageFields } from './snapshot.ts'
import { findingEventFields, findingEvents, findingRaised } from './subscription.ts'
import { suppressionFields } from './suppression.ts'
import { triageEventFields, triageFields } from './triage.ts'
import { outcomeFields, verdictFields } from './verdict.ts'
import { withdrawalFields } from './withdrawal.ts'

/** Every value that stands for a member of a union or an interface says which one it is. */
const byKind = { __resolveType: (value: { readonly kind: GraphNode['kind'] }) => value.kind }

/** What the contract's types are made of; a field that is not here is a property of its value. */
export const RESOLVERS = inItsTime({
  DateTime: DATE_TIME,
  JSON: JSON_VALUE,
  Query: {
    ...queryFields,
    findingEvents,
    findingProof,
    alertLog,
    ...questionQueryFields,
    policyReplay: (_: unknown, args: Args, context: ApiContext) => askPolicyReplay(args, context),
  },
  Mutation: { ...mutationFields, ...caseMutations, testAlertChannel },
  Subscription: { findingRaised },
  Node: byKind,
  Party: byKind,
  Step: byKind,
  UserError: byKind,
  FindingResult: byKind,
  FindingsResult: byKind,
  FindingGroupsResult: byKind,
  FindingEventsResult: byKind,
  ChainResult: byKind,
  ActionResult: byKind,
  AgentResult: byKind,
  ApprovalResult: byKind,
  DecisionResult: byKind,
  DecisionsResult: byKind,
  TriageResult: byKind,
  SuppressResult: byKind,
  CaseResult: byKind,
  CasesResult: byKind,
  ChangeCaseResult: byKind,
  CaseSubject: byKind,
  PreviewResult: byKind,
  CypherResult: byKind,
  SearchResult: byKind,
  PostureResult: byKind,
  FindingProofResult: byKind,
  PolicyReplayResult: byKind,
  AlertLogResult: byKind,
  AlertDeliveriesResult: byKind,
  AlertTestResult: byKind,
  AlertLog: alertLogFields,
  AlertDelivery: alertDeliveryFields,
  PolicyReplay: policyReplayFields,
  ReplayedCall: replayedCallFields,
  Posture: { ...pageFields, ...postureFields },
  TrendDay: trendDayFields,
  Pulse: pulseFields,
  FindingConnection: pageFields,
  FindingEventConnection: pageFields,
  FindingGroupConnection: pageFields,
  DecisionConnection: pageFields,
  CoverageConnection: pageFields,
  Matches: pageFields,
  SuppressionConnection: pageFields,
  CaseConnection: pageFields,
  Finding: findingFields,
  FindingGroup: findingGroupFields,
  FactEvidence: factEvidenceFields,
  Culprit: culpritFields,
  Remedy: remedyFields,
  FlowStep: flowFields,
  TimelineEntry: timelineFields,
  Alert: alertFields,
  FindingEvent: findingEventFields,
  Outcome: outcomeFields,
  Verdict: verdictFields,
  Chain: chainFields,
  Link: linkFields,
  Withdrawal: withdrawalFields,
  Hop: hopFields,
  AuthoritySource: sourceFields,
  Action: actionFields,
  Authority: authorityFields,
  ForeignToken: foreignTokenFields,
  Agent: agentFields,
  Principal: principalFields,
  Approval: approvalFields,
  Decision: decisionFields,
  PolicyEvaluation: evaluationFields,
  Triage: triageFields,
  TriageEvent: triageEventFields,
  Suppression: suppressionFields,
  Case: caseFields,
  CaseItem: caseItemFields,
  CaseEvent: caseEventFields,
  ...QUESTION_RESOLVERS,
})
