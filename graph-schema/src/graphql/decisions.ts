/** Decision records of enforcement points. */
export const DECISIONS_SDL = /* GraphQL */ `
enum DecisionAnswer {
  ALLOW
  DENY
}

enum DecisionKind {
  "Whether the request is allowed: a fact."
  REQUEST
  "That, and whether it serves the task: a judgement."
  INTENT
}

enum PolicyMode {
  "What it said was recorded, and nothing was refused for it."
  OBSERVE
  ENFORCE
}

enum PolicyErrorCode {
  "A policy errored: a forbid that errs would be left out, so this denies."
  EVALUATION
  "What was asked does not fit the schema."
  REQUEST
  "There was no answer."
  ENGINE
}

type PolicyFailure {
  code: PolicyErrorCode!
  """The policy that errored; null where it was none."""
  policy: String
}

"""How a policy was asked, and what it said by itself, as whoever asked it signed."""
type PolicyEvaluation {
  mode: PolicyMode!
  """Whatever went wrong is a denial."""
  answer: DecisionAnswer!
  """Names of the policies that decided; none where nothing permits."""
  policies: [String!]!
  errors: [PolicyFailure!]!
  """Milliseconds that it took."""
  latency: Float!
  """Name and version: cedar/4.13.0."""
  engine: String!
}

"""What a policy decision point said about one request, or about a class of them."""
type Decision implements Node {
  nodeId: ID!
  """Hash of the signed text, or of the statement."""
  id: ID!
  kind: DecisionKind!
  """Null where the text could not be read."""
  answer: DecisionAnswer
  """Whether it serves the task; null where nobody judged that."""
  intent: DecisionAnswer
  intentMethod: String
  """When it was decided, by its own word; to the second."""
  at: DateTime
  """The decision point."""
  issuer: String
  """About whom it was decided."""
  agent: Agent
  """For whom the agent asked."""
  caller: Agent
  tool: String
  """What the call was about; null where there is not exactly one call, or it names none."""
  resource: String
  arguments: [Argument!]!
  """URI of the service that was called, where the record names it."""
  service: String
  """Digest of the policy set that was applied. The records have no other name for it."""
  policyHash: ID
  """Null where the record does not say."""
  evaluation: PolicyEvaluation
  """Hash of the request that was decided."""
  requestHash: ID
  actionHash: ID
  task: ID
  """The leaf link that was presented; its verdict says whether the path holds."""
  link: Link
  chain: Chain
  """The call that it is about; null where none arrived, and where it decided several."""
  action: Action
  """The calls that were let through, or refused, by it."""
  actions(first: Int = 50, after: String): ActionConnection!
  signature: SignatureState!
  """Of the record itself: its signature, and whether the decision point is one that we know."""
  verdict: Outcome!
}

type DecisionConnection {
  """What the page was read from."""
  snapshot: Snapshot!
  edges: [DecisionEdge!]!
  nodes: [Decision!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type DecisionEdge {
  cursor: String!
  node: Decision!
}

"""What is given must hold for all; the values of one list are alternatives."""
input DecisionFilter {
  answer: [DecisionAnswer!]
  kind: [DecisionKind!]
  """About whom it was decided."""
  agent: [ID!]
  tool: [String!]
  task: [ID!]
  link: [ID!]
  """Digests of policy sets."""
  policyHash: [ID!]
  """What the policy said by itself, which is not what was answered where it is only observed."""
  policyAnswer: [DecisionAnswer!]
  policyMode: [PolicyMode!]
  """Something went wrong while the policy was asked. False leaves out what does not say, too."""
  errored: Boolean
  """At or after."""
  after: DateTime
  """Before, and not at."""
  before: DateTime
}

enum DecisionOrderField {
  "When it was decided."
  DECIDED_AT
}

input DecisionOrder {
  field: DecisionOrderField!
  direction: OrderDirection! = DESC
}

union DecisionResult = Decision | NotFoundError | InvalidArgumentError
union DecisionsResult = DecisionConnection | InvalidArgumentError

extend type Query {
  """One decision, by its hash."""
  decision(id: ID!, asOf: AsOf): DecisionResult!

  """
  Decisions, newest first unless ordered otherwise. A record that could not be read has no time and is
  not among them.
  """
  decisions(
    """How many, 1 to 200."""
    first: Int = 50
    """The endCursor of the page before, under the same filter and orderBy."""
    after: String
    filter: DecisionFilter
    orderBy: DecisionOrder = { field: DECIDED_AT, direction: DESC }
    """Its validAt leaves out what was decided later."""
    asOf: AsOf
  ): DecisionsResult!
}
`
