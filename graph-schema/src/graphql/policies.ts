/** Policies tried over what happened, before they are enforced. */
export const POLICIES_SDL = /* GraphQL */ `
enum PolicyEffect {
  PERMIT
  FORBID
}

enum ReplayChange {
  SAME
  ALLOW_TO_DENY
  DENY_TO_ALLOW
  "The draft erred, which denies."
  ERRORED
  "What was answered then, or would be, is not known."
  UNKNOWN
}

enum ReplayedBy {
  POLICY
  "The chain does not hold, or had been refused for itself: no policy lifts that."
  CHAIN
}

enum PolicyTextName {
  DRAFT
  AGAINST
}

enum SlipSeverity {
  ERROR
  WARNING
}

"""What is wrong with a policy text, and where."""
type PolicySlip {
  text: PolicyTextName!
  severity: SlipSeverity!
  """too_large, syntax, type, needs_has, name, never or may_error."""
  code: String!
  """The policy, where it is known which."""
  policy: String
  """From 1."""
  line: Int!
  column: Int!
  message: String!
}

"""A policy text cannot be used."""
type PolicyInvalidError implements UserError {
  message: String!
  """At most 50 of each text."""
  slips: [PolicySlip!]!
}

"""What is left of a policy where not all is known: it applies if this holds."""
type PolicyResidual {
  policy: String!
  effect: PolicyEffect!
  """A condition in Cedar."""
  condition: String!
}

"""A policy that is not the same in two texts."""
type PolicyTextChange {
  policy: String!
  """Null where it was added."""
  before: String
  """Null where it was removed."""
  after: String
}

"""What a draft would have answered to one call."""
type ReplayedCall {
  """The record that decided it; null where nobody did."""
  decision: Decision
  """Null where no call arrived, or several did."""
  action: Action
  at: DateTime!
  agent: Agent
  tool: String
  chain: Chain
  """What became of it, or what the other text answers; null where that is not known."""
  before: DecisionAnswer
  """Null where that is not known."""
  after: DecisionAnswer
  change: ReplayChange!
  by: ReplayedBy!
  """Policies of the draft that decided."""
  policies: [String!]!
  errors: [PolicyFailure!]!
  """Of an unknown answer: what would have to be true."""
  residuals: [PolicyResidual!]!
  """Of an unknown answer: what it hangs on."""
  missing: [String!]!
  sentence: String!
}

type ReplayedCallConnection {
  edges: [ReplayedCallEdge!]!
  nodes: [ReplayedCall!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type ReplayedCallEdge {
  cursor: String!
  node: ReplayedCall!
}

type PolicyReplay {
  snapshot: Snapshot!
  """Digest of the draft."""
  policyHash: ID!
  """Digest of the other text; null where the draft was compared with what was recorded."""
  againstHash: ID
  """Of the draft against the other text; empty where there is none."""
  changes: [PolicyTextChange!]!
  """Of the draft."""
  warnings: [PolicySlip!]!
  same: Int!
  allowToDeny: Int!
  denyToAllow: Int!
  errored: Int!
  unknown: Int!
  """Newest first."""
  calls(first: Int = 50, after: String, change: [ReplayChange!]): ReplayedCallConnection!
  """There are older calls than those, or there was no time for all of them."""
  capped: Boolean!
}

union PolicyReplayResult = PolicyReplay | PolicyInvalidError | InvalidArgumentError | ForbiddenError

extend type Query {
  """
  What a draft of policies would have answered to the newest calls: those that a record decided, and those that nobody
  decided. It stands on top of the chain, as in a guard. What the graph does not know of a call is unknown and never
  guessed: its arguments, where the service ran, an approval that nobody told of. Takes the role ANALYST.
  """
  policyReplay(
    """Policies in Cedar, at most 24,000 characters; @id names them."""
    draft: String!
    """Another text to compare with, in place of what was recorded."""
    against: String
    """How many calls, 1 to 2,000."""
    last: Int = 200
    """Of calls that nobody decided, where it is about agents, tools, tasks, links and time alone."""
    filter: DecisionFilter
    asOf: AsOf
  ): PolicyReplayResult!
}
`
