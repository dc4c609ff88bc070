/** Findings and what was sent about them. */
export const FINDINGS_SDL = /* GraphQL */ `
"""How the evidence proves what it says, strongest first. A finding shows its weakest."""
enum Grade {
  "A receipt signed by the acting agent's key."
  PROVEN
  "A valid link and no receipt."
  SIGNED
  "Unsigned attributes."
  ASSERTED
  "A span of an agent that nobody instrumented."
  OBSERVED
}

enum FindingState {
  OPEN
  "Evidence that came later took its ground away."
  WITHDRAWN
}

enum FindingClass {
  INHERITANCE
  VALIDITY
  EXPOSURE
  PROBABILISTIC
}

enum Certainty {
  CERTAIN
  "Whether the action was executed could not be established."
  UNKNOWN
  AMBIGUOUS
}

enum FindingChange {
  OPENED
  UPDATED
  WITHDRAWN
  "It holds again, or came back from being closed, accepted or suppressed."
  REOPENED
  "Somebody said where they stand with it."
  TRIAGED
  ACKNOWLEDGED
  CLOSED
  ACCEPTED
  SUPPRESSED
}

"""What is given must hold for all; the values of one list are alternatives."""
input FindingFilter {
  """Rule codes: D1, D2, ..."""
  rule: [String!]
  """1 to 5."""
  severityAtLeast: Int
  state: [FindingState!]
  class: [FindingClass!]
  certainty: [Certainty!]
  grade: [Grade!]
  """Who gained."""
  agent: [ID!]
  """Whose authority it was."""
  from: [ID!]
  tool: [String!]
  """What the action was done to."""
  resource: [String!]
  """Names of zones of the configuration: by its tool or its resource."""
  zone: [String!]
  chain: [ID!]
  task: [ID!]
  action: [ID!]
  link: [ID!]
  incident: [ID!]
  fingerprint: [ID!]
  series: [ID!]
  """What is to blame: the id of an approval, a link or another artefact."""
  culprit: [ID!]
  """Whether it is worth waking somebody."""
  pages: Boolean
  """At or after."""
  raisedAfter: DateTime
  """Before, and not at."""
  raisedBefore: DateTime
  """The action or the issue of the link: at or after."""
  happenedAfter: DateTime
  """Before, and not at."""
  happenedBefore: DateTime
}

enum FindingOrderField {
  "When we learned of it."
  RAISED_AT
  "When the action or the issue of the link was."
  HAPPENED_AT
  SEVERITY
  "What wakes somebody first: what pages, then the gravest, then what its incident is called by."
  URGENCY
}

enum OrderDirection {
  ASC
  DESC
}

input FindingOrder {
  field: FindingOrderField!
  direction: OrderDirection! = DESC
}

type Finding implements Node {
  nodeId: ID!
  id: ID!
  """The rule's code: D1."""
  rule: String!
  """The rule's name: approved-action-inheritance."""
  ruleName: String
  class: FindingClass!
  """One plain sentence."""
  title: String!
  """1 to 5, as OCSF severity_id."""
  severity: Int!
  severityReasons: [String!]!
  state: FindingState!
  """As OCSF's status of a finding: New, In Progress, Suppressed or Resolved, by state and triage."""
  status: String!
  """The same as its status_id: 1 new, 2 in progress or acknowledged, 3 accepted or hidden by a rule, 4 closed or withdrawn."""
  statusId: Int!
  certainty: Certainty!
  grade: Grade!
  pages: Boolean!
  """All that fired on one action or one link has this in common."""
  incident: ID!
  """Equal for repetitions of the same thing."""
  fingerprint: ID!
  """
  Equal for incidents that are the same thing again, in whichever chain: rule, approval, from, to, permission and class
  of resource of what the incident is called by.
  """
  series: ID!
  """Incidents of the same series, whatever became of them."""
  occurrences: Count!
  """The three facts that it rests on."""
  facts: [String!]!
  """The same, each with where it can be seen."""
  grounds: [Fact!]!
  """Who alone would have been denied, and why."""
  counterfactual: String
  """The one record that would have made it legitimate."""
  remedy: Remedy
  """The path as it was judged."""
  hops: [Hop!]!
  """The first hop that does not cover the action: where the unexplained permission entered."""
  breaksAt: Hop
  """Whose authority was used."""
  source: AuthoritySource
  verdict: Verdict
  timeline: [TimelineEntry!]!
  """The way that data took to the action, the first step first; empty where none is part of it."""
  flow: [FlowStep!]!
  """Paths that fit the action; null where a receipt proves the one it was on."""
  assignments: Assignments
  """Version of the registry that the judgement used."""
  registryVersion: String!
  principal: Principal
  """Who answers for the agent that gained."""
  owner: Principal
  """Who gained."""
  agent: Agent!
  """Whose authority it was."""
  from: Agent
  tool: String
  """What the action was done to; null where nobody says it."""
  resource: String
  """Links of the path from the principal to whoever acted; null where the path is not known."""
  hopCount: Int
  task: ID
  action: Action
  link: Link
  chain: Chain
  """What is to blame."""
  culprit: Culprit
  """The other findings of the same incident, what it is called by first."""
  sameIncident: [Finding!]!
  """What was sent, or is owed, to each channel."""
  alerts: [Alert!]!
  """When the action or the issue of the link was."""
  happenedAt: DateTime!
  """When we learned of it."""
  raisedAt: DateTime!
  updatedAt: DateTime!
}

type Fact {
  text: String!
  """Null where it was told before this was kept."""
  shownBy: FactEvidence
}

"""What says a fact, or whoever lacks what it says is lacking."""
type FactEvidence {
  """link, action, approval, decision, credential, key or agent."""
  kind: String!
  id: ID!
  """A link of the chain that it is seen in; null where it is in none."""
  chain: ID
  """Who acted, of an action."""
  agent: ID
}

type FindingConnection {
  """What the page was read from."""
  snapshot: Snapshot!
  edges: [FindingEdge!]!
  nodes: [Finding!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type FindingEdge {
  cursor: String!
  node: Finding!
}

enum FindingGrouping {
  "Incidents that are the same thing again."
  SERIES
  "All that fired on one action or one link."
  INCIDENT
}

"""Findings under one filter that belong together. It stands where the first of them would."""
type FindingGroup {
  """The series or the incident: what their list is filtered by."""
  key: ID!
  """What wakes somebody first: by it the group is called."""
  lead: Finding!
  findings: Int!
  incidents: Int!
  """When the first of them happened, and the last."""
  firstAt: DateTime
  lastAt: DateTime
}

type FindingGroupConnection {
  """What the page was read from."""
  snapshot: Snapshot!
  edges: [FindingGroupEdge!]!
  nodes: [FindingGroup!]!
  pageInfo: PageInfo!
}

type FindingGroupEdge {
  cursor: String!
  node: FindingGroup!
}

type FindingEvent {
  """What findingRaised takes as after."""
  cursor: String!
  change: FindingChange!
  learnedAt: DateTime!
  """The finding as it is at the instant that is asked of, and not as the change left it."""
  finding: Finding!
}

type FindingEventConnection {
  """What the page was read from."""
  snapshot: Snapshot!
  edges: [FindingEventEdge!]!
  nodes: [FindingEvent!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type FindingEventEdge {
  cursor: String!
  node: FindingEvent!
}

type Remedy {
  """link, approval, export, decision, owner, standing or none."""
  kind: String!
  """Who would have to sign what."""
  sentence: String!
  issuer: ID
  holder: ID
  tool: String
  constraints: [String!]!
  task: ID
  """When it would have to end at the latest."""
  until: DateTime
}

type Culprit {
  kind: String!
  id: ID!
  approval: Approval
  link: Link
}

type FlowStep {
  at: DateTime!
  agent: Agent!
  """gave or got."""
  did: String!
  """Keyed hash of the content."""
  data: String!
  resource: String
  """The call that gave it back."""
  action: Action
}

"""Several paths may fit an action whose receipt names none."""
type Assignments {
  count: Int!
  """How many of them violate."""
  violating: Int!
  capped: Boolean!
  """The one missing fact that would decide."""
  decides: String!
}

type TimelineEntry {
  at: DateTime!
  what: String!
}

enum AlertState {
  OWED
  DELIVERED
  "Given up: the receiver refuses it."
  DEAD
  "Not sent: something newer about the same finding was."
  SUPERSEDED
}

type Alert {
  id: ID!
  channel: String!
  change: FindingChange!
  state: AlertState!
  attempts: Int!
}
`
