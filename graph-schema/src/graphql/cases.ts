/** Cases: what people gather while they look into something. */
export const CASES_SDL = /* GraphQL */ `
enum CaseState {
  OPEN
  CLOSED
}

enum CaseItemKind {
  FINDING
  CHAIN
  LINK
  ACTION
  APPROVAL
  AGENT
  DECISION
}

enum CaseChange {
  OPENED
  "Things were put into it."
  ADDED
  "Things were taken out of it."
  TAKEN
  "Its title or its state was changed, or somebody said something."
  CHANGED
}

"""An investigation: what somebody gathered, and what was done to it. It changes no verdict and no finding."""
type Case implements Node {
  nodeId: ID!
  id: ID!
  title: String!
  state: CaseState!
  """What expectedVersion takes: one more with each word about it."""
  version: Int!
  openedAt: DateTime!
  openedBy: String!
  updatedAt: DateTime!
  updatedBy: String!
  """Of CLOSED."""
  closedAt: DateTime
  closedBy: String
  """How many things it holds, at most 1,000."""
  size: Int!
  """What it holds, in the order in which it was added."""
  items(first: Int = 50, after: String): CaseItemConnection!
  """Every word about it, the oldest first: nothing of it is ever changed or removed."""
  history(first: Int = 50, after: String): CaseEventConnection!
}

"""One thing in a case."""
type CaseItem {
  kind: CaseItemKind!
  id: ID!
  note: String
  addedAt: DateTime!
  addedBy: String!
  """As it is now; NotFoundError says when its evidence was trimmed."""
  subject: CaseSubject!
}

union CaseSubject =
    Finding
  | Chain
  | Link
  | Action
  | Approval
  | Agent
  | Decision
  | NotFoundError

"""One word of somebody about a case."""
type CaseEvent {
  version: Int!
  at: DateTime!
  by: String!
  change: CaseChange!
  """The title that it was given."""
  title: String
  """Where it was closed, or opened again."""
  state: CaseState
  comment: String
  """What was added or taken, at most 200."""
  items: [CaseEventItem!]!
}

type CaseEventItem {
  kind: CaseItemKind!
  id: ID!
  note: String
}

type CaseConnection {
  """What the page was read from."""
  snapshot: Snapshot!
  edges: [CaseEdge!]!
  nodes: [Case!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type CaseEdge {
  cursor: String!
  node: Case!
}

type CaseItemConnection {
  edges: [CaseItemEdge!]!
  nodes: [CaseItem!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type CaseItemEdge {
  cursor: String!
  node: CaseItem!
}

type CaseEventConnection {
  edges: [CaseEventEdge!]!
  nodes: [CaseEvent!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type CaseEventEdge {
  cursor: String!
  node: CaseEvent!
}

"""One thing, as a case names it."""
input CaseItemRef {
  kind: CaseItemKind!
  """A chain is named by the hash of its root, a link, an approval and a decision by theirs."""
  id: ID!
}

input CaseItemInput {
  kind: CaseItemKind!
  """As that of CaseItemRef."""
  id: ID!
  """At most 4,000 characters."""
  note: String
}

input CaseFilter {
  state: [CaseState!]
  """Cases that hold this."""
  holds: CaseItemRef
}

input OpenCaseInput {
  """1 to 200 characters."""
  title: String!
  """At most 4,000 characters."""
  comment: String
  """At most 200, each once; what is not known here is refused."""
  items: [CaseItemInput!]
  """As that of TriageInput."""
  idempotencyKey: String
}

input AddToCaseInput {
  case: ID!
  """Case.version as it was seen."""
  expectedVersion: Int!
  """1 to 200, each once. What is in it already stays as it was added."""
  items: [CaseItemInput!]!
  """As that of TriageInput."""
  idempotencyKey: String
}

input TakeFromCaseInput {
  case: ID!
  """Case.version as it was seen."""
  expectedVersion: Int!
  """1 to 200, each once."""
  items: [CaseItemRef!]!
  """As that of TriageInput."""
  idempotencyKey: String
}

"""What is not given stays."""
input ChangeCaseInput {
  case: ID!
  """Case.version as it was seen."""
  expectedVersion: Int!
  """1 to 200 characters."""
  title: String
  """To a closed case nothing is added, and nothing is taken from it, until it is OPEN again."""
  state: CaseState
  """At most 4,000 characters."""
  comment: String
  """As that of TriageInput."""
  idempotencyKey: String
}

union CaseResult = Case | NotFoundError | InvalidArgumentError
union CasesResult = CaseConnection | InvalidArgumentError
union ChangeCaseResult =
    Case
  | NotFoundError
  | InvalidArgumentError
  | CaseConflictError
  | CaseClosedError
  | ForbiddenError

"""Somebody else was there first. Nothing was changed."""
type CaseConflictError implements UserError {
  message: String!
  case: Case!
  """The version that stands."""
  version: Int!
}

"""It is closed, so that nothing is added and nothing is taken. Nothing was changed."""
type CaseClosedError implements UserError {
  message: String!
  case: Case!
}

extend type Query {
  """One case, by its id."""
  case(id: ID!, asOf: AsOf): CaseResult!
  """Cases, the newest first. With asOf as they stood then, without what was gathered later."""
  cases(
    """How many, 1 to 200."""
    first: Int = 50
    """The endCursor of the page before, under the same where."""
    after: String
    where: CaseFilter
    asOf: AsOf
  ): CasesResult!
}

extend type Mutation {
  """Begins a case. Needs ANALYST."""
  openCase(input: OpenCaseInput!): ChangeCaseResult!
  """Puts things into one. Needs ANALYST."""
  addToCase(input: AddToCaseInput!): ChangeCaseResult!
  """Takes things out of one; that they were in it stays in its history. Needs ANALYST."""
  takeFromCase(input: TakeFromCaseInput!): ChangeCaseResult!
  """Renames, closes, opens again, or says something. Needs ANALYST."""
  changeCase(input: ChangeCaseInput!): ChangeCaseResult!
}
`
