/** Triage: where people stand with findings, and what they do not want to see. */
export const TRIAGE_SDL = /* GraphQL */ `
enum TriageState {
  "Nobody has looked at it, or it came back."
  NEW
  ACKNOWLEDGED
  IN_PROGRESS
  CLOSED
  "Known and left as it is until a time; then it comes back."
  ACCEPTED
}

enum CloseReason {
  "It was what it says, and was repaired."
  FIXED
  "The authority was meant to be handed on."
  INTENDED_DELEGATION
  "Somebody who may approved the exception."
  APPROVED_EXCEPTION
  TEST_TRAFFIC
  DUPLICATE
  "The rule is wrong about it."
  DETECTOR_WRONG
}

"""Where people stand with a finding. The evidence alone says whether it holds (Finding.state)."""
type Triage {
  state: TriageState!
  """0 where nobody touched it; what expectedVersions takes."""
  version: Int!
  assignee: String
  """Of CLOSED and ACCEPTED."""
  reason: CloseReason
  """The newest comment."""
  note: String
  """Of ACCEPTED: when it comes back."""
  until: DateTime
  updatedAt: DateTime
  """delegraph where it came back by itself."""
  updatedBy: String
  """The active rule that hides it."""
  suppressedBy: Suppression
  """Oldest first, the newest 200."""
  history: [TriageEvent!]!
}

type TriageEvent {
  at: DateTime!
  by: String!
  state: TriageState!
  assignee: String
  reason: CloseReason
  comment: String
  until: DateTime
  version: Int!
}

extend type Finding {
  triage: Triage!
}

extend input FindingFilter {
  triage: [TriageState!]
  """The empty text is nobody."""
  assignee: [String!]
  """Why it is closed or accepted."""
  reason: [CloseReason!]
  """Whether an active suppression hides it."""
  suppressed: Boolean
}

input TriageInput {
  """1 to 200. All of them change, or none."""
  findings: [ID!]!
  """Triage.version of each, in the same order."""
  expectedVersions: [Int!]!
  """NEW reopens. From CLOSED and ACCEPTED there is no other way on."""
  state: TriageState
  assignee: String
  unassign: Boolean
  """Needed to close and to accept, and for nothing else."""
  reason: CloseReason
  """At most 4,000 characters."""
  comment: String
  """Needed to accept: in the future, at most 366 days away."""
  until: DateTime
  """
  1 to 128 characters, new for each thing that is said: what the same person sends again with it is applied once and
  answered again, with its findings as they are now. Other input with it is refused.
  """
  idempotencyKey: String
}

union TriageResult =
    TriagePayload
  | NotFoundError
  | InvalidArgumentError
  | ConflictError
  | InvalidTransitionError
  | ForbiddenError

type TriagePayload {
  findings: [Finding!]!
}

"""Somebody else was there first. Nothing was changed."""
type ConflictError implements UserError {
  message: String!
  finding: Finding!
  """The version that stands."""
  version: Int!
}

type InvalidTransitionError implements UserError {
  message: String!
  from: TriageState!
  to: TriageState!
}

"""What is given must hold for all; the values of one list are alternatives. An empty one is refused."""
input SuppressionMatcher {
  """Rule codes: D1, D2, ..."""
  rule: [String!]
  """Who gained."""
  agent: [ID!]
  """Whose authority it was."""
  from: [ID!]
  tool: [String!]
  fingerprint: [ID!]
  """1 to 5. What is graver stays visible."""
  severityAtMost: Int
}

input SuppressInput {
  matcher: SuppressionMatcher!
  """1 to 4,000 characters."""
  reason: String!
  """In the future, at most 366 days away."""
  until: DateTime!
  """As that of TriageInput."""
  idempotencyKey: String
}

input EndSuppressionInput {
  """The id of the suppression."""
  id: ID!
  """As that of TriageInput."""
  idempotencyKey: String
}

"""A rule that hides findings from whoever asks for what is not suppressed, and from alerts."""
type Suppression implements Node {
  nodeId: ID!
  id: ID!
  matcher: JSON!
  reason: String!
  owner: String!
  createdAt: DateTime!
  """It ends by itself then."""
  until: DateTime!
  """When it ended, by itself or by somebody."""
  endedAt: DateTime
  """Who ended it: delegraph where its time was over."""
  endedBy: String
  active: Boolean!
  """What it hides now. A finding that several hide is counted with the oldest."""
  hides(first: Int = 50, after: String): FindingConnection!
}

type SuppressionConnection {
  """What the page was read from."""
  snapshot: Snapshot!
  edges: [SuppressionEdge!]!
  nodes: [Suppression!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type SuppressionEdge {
  cursor: String!
  node: Suppression!
}

"""What a rule would hide."""
type SuppressionPreview {
  matches: Count!
  findings: FindingConnection!
}

union PreviewResult = SuppressionPreview | InvalidArgumentError
union SuppressResult = Suppression | NotFoundError | InvalidArgumentError | ForbiddenError

extend type Query {
  """Newest first. With asOf as they stood then, with what they hid."""
  suppressions(first: Int = 50, after: String, active: Boolean, asOf: AsOf): SuppressionConnection!
  """Findings of the past and of now that a rule would have hidden."""
  previewSuppression(matcher: SuppressionMatcher!, first: Int = 50): PreviewResult!
}

type Mutation {
  """Changes where people stand with findings. Needs ANALYST."""
  triage(input: TriageInput!): TriageResult!
  """Hides what matches, now and to come, until a time at most 366 days away. Needs ADMIN."""
  suppress(input: SuppressInput!): SuppressResult!
  """Ends one before its time. Needs ADMIN."""
  endSuppression(input: EndSuppressionInput!): SuppressResult!
}
`
