/** The shared language of Delegraph: what exists, what it is called, and what may be said of it. */
export {
  ATTR,
  ATTR_EVENT_NAME,
  ATTR_PREFIX,
  EVENT,
  type EventName,
} from './attributes/delegation.ts'
export {
  GEN_AI,
  GEN_AI_OPERATION,
  OBSERVED_PREFIXES,
  SERVICE_INSTANCE_ID,
} from './attributes/gen-ai.ts'
export {
  type Column,
  type ColumnType,
  EDGE_KINDS,
  type EdgeKind,
  type GraphEdge,
  type GraphNode,
  NODE_KINDS,
  type NodeKind,
  type NodeKindEntry,
  type Scalar,
} from './graph/kinds.ts'
export { SCHEMA_SDL } from './graphql/schema.ts'
export type { Authority, AuthorityKind } from './vocabulary/authority.ts'
export {
  type Assignments,
  type AuthoritySource,
  type Certainty,
  DETECTORS,
  type DetectorId,
  type FactEvidence,
  type FindingBody,
  type FindingClass,
  type FindingState,
  type FlowStep,
  type GrantedTool,
  type Hop,
  type Remedy,
  type TimelineEntry,
} from './vocabulary/finding.ts'
export {
  GRADES,
  type Grade,
  NOT_APPLICABLE,
  OK,
  OUTCOMES,
  type Outcome,
  type OutcomeClass,
  type OutcomeCode,
  outcomeOf,
  outcomeText,
  VERDICT_PARTS,
  type Verdict,
  type VerdictPart,
  weakerGrade,
} from './vocabulary/outcome.ts'
export type { EffectClass, RegistryEntry, RegistryTools } from './vocabulary/registry.ts'
export { SIGN_IN_PROBLEMS, type SignInProblem } from './vocabulary/sign-in.ts'
