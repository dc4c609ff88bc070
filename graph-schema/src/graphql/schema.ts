/**
 * The contract of the GraphQL API, as SDL. A TypeScript file and no `.graphql` file, so that a build
 * carries it along. Conventions: the Relay server specification (connections; `nodeId` is the global
 * id, `id` is the one that the command line and the alerts use), GraphQL Cursor Connections, errors
 * as unions, ISO 8601 for times.
 */
export const SCHEMA_SDL: string = /* GraphQL */ `
"""An instant, ISO 8601 with milliseconds, in UTC: 2026-11-24T10:04:52.000Z. Input may carry an offset."""
scalar DateTime

"""Any JSON value."""
scalar JSON

type Query {
  """One finding, by its id."""
  finding(id: ID!): FindingResult!

  """Findings, newest first unless ordered otherwise."""
  findings(
    """How many, 1 to 200."""
    first: Int = 50
    """The endCursor of the page before, under the same where and orderBy."""
    after: String
    where: FindingFilter
    orderBy: FindingOrder = { field: RAISED_AT, direction: DESC }
  ): FindingsResult!

  """The chain that a link belongs to: by the hash of its root (the chain id) or of any link in it."""
  chain(id: ID!): ChainResult!

  """One action, by its id: trace id and span id, joined by a hyphen."""
  action(id: ID!): ActionResult!

  """One agent, by the name that links and spans give it."""
  agent(id: ID!): AgentResult!

  """One approval, by its hash."""
  approval(id: ID!): ApprovalResult!

  """
  Signed links by their hashes, at most 16: for a service that was shown the hashes of a chain. What
  has not arrived is left out. Whoever asks hashes and verifies each text again.
  """
  linkTexts(hashes: [ID!]!): [LinkText!]!

  """Any node by its nodeId; null where there is none."""
  node(id: ID!): Node

  """
  The cursor of the newest change of a finding, 0 where there is none yet. Read it before a list of
  findings and hand it to findingRaised: nothing between the two is missed.
  """
  findingCursor: String!
}

type Subscription {
  """
  Every change of a finding, in the order learned. With after, first all that came after that
  cursor and then what comes: nothing is left out and nothing comes twice. 0 is before the first.
  Without it, only what comes from now on. A cursor that cannot be read (CURSOR_INVALID) or that is
  not kept (CURSOR_NOT_KEPT) is an error and never a silent gap.
  """
  findingRaised(after: String): FindingEvent!
}

interface Node {
  """Unique over all types; what node takes."""
  nodeId: ID!
}

interface UserError {
  """One plain sentence."""
  message: String!
}

type NotFoundError implements UserError {
  message: String!
}

type InvalidArgumentError implements UserError {
  message: String!
  """The path of the argument: where.severityAtLeast."""
  argument: String!
}

union FindingResult = Finding | NotFoundError | InvalidArgumentError
union FindingsResult = FindingConnection | InvalidArgumentError
union ChainResult = Chain | NotFoundError | InvalidArgumentError
union ActionResult = Action | NotFoundError | InvalidArgumentError
union AgentResult = Agent | NotFoundError | InvalidArgumentError
union ApprovalResult = Approval | NotFoundError | InvalidArgumentError

"""Somebody who can give a grant: a principal at the root of a chain, an agent below it."""
interface Party {
  id: ID!
  """The short form of the id, as sentences use it."""
  name: String!
}

"""A person, organisation or service that answers for what agents do."""
type Principal implements Party {
  id: ID!
  name: String!
  """person, organisation or service, by the word of the registry."""
  kind: String
  """True where the registry says that it no longer answers for anything; null where it says nothing."""
  disabled: Boolean
}

# Findings

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
  REOPENED
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
  chain: [ID!]
  task: [ID!]
  action: [ID!]
  link: [ID!]
  incident: [ID!]
  fingerprint: [ID!]
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
  certainty: Certainty!
  grade: Grade!
  pages: Boolean!
  """All that fired on one action or one link has this in common."""
  incident: ID!
  """Equal for repetitions of the same thing."""
  fingerprint: ID!
  """The three facts that it rests on."""
  facts: [String!]!
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
  task: ID
  action: Action
  link: Link
  chain: Chain
  """What is to blame."""
  culprit: Culprit
  """The other findings of the same incident."""
  sameIncident: [Finding!]!
  """What was sent, or is owed, to each channel."""
  alerts: [Alert!]!
  """When the action or the issue of the link was."""
  happenedAt: DateTime!
  """When we learned of it."""
  raisedAt: DateTime!
  updatedAt: DateTime!
}

type FindingConnection {
  edges: [FindingEdge!]!
  nodes: [Finding!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type FindingEdge {
  cursor: String!
  node: Finding!
}

type FindingEvent {
  """What findingRaised takes as after."""
  cursor: String!
  change: FindingChange!
  learnedAt: DateTime!
  """The finding as it is now."""
  finding: Finding!
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

type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}

"""A number that is counted up to a limit."""
type Count {
  value: Int!
  """True where there may be more than value."""
  approximate: Boolean!
}

# Verdicts

enum OutcomeState {
  OK
  FAILED
  "Not enough has arrived, or was disclosed, to say. Never the same as OK."
  UNKNOWN
  NOT_APPLICABLE
}

type Outcome {
  state: OutcomeState!
  """A code of the vocabulary: not_narrower, expired, ..."""
  code: String
  """Where or how."""
  detail: String
  """The code in one plain sentence."""
  meaning: String
  """All of it in one word: failed:not_narrower:widened."""
  text: String!
}

"""A verdict in parts, never one boolean."""
type Verdict {
  chain: Outcome!
  possession: Outcome!
  identity: Outcome!
  status: Outcome!
  action: Outcome!
  approval: Outcome!
  decision: Outcome!
  effect: Outcome!
}

enum SignatureState {
  VALID
  INVALID
  "A link above is missing, so there is no key to check it with."
  UNCHECKED
  "It is only named: the signed text has not arrived."
  MISSING
}

# Chains

"""
A chain is everything that was handed on from one root link; where an agent delegates to two, it is
a tree. Its id is the hash of the root link.
"""
type Chain implements Node {
  nodeId: ID!
  id: ID!
  """False where a link above is named and has not arrived: id is then the topmost that is named."""
  complete: Boolean!
  """The weakest of its hops."""
  grade: Grade!
  """Who stands at the root."""
  principal: Principal
  task: ID
  """The links, each before the ones below it, at most 200; path and links give the rest."""
  hops: [Link!]!
  """True where some link was handed on to more than one delegate."""
  branches: Boolean!
  """From the root to one link; empty where the link is not of this chain."""
  path(link: ID!): [Link!]!
  """All links, by depth."""
  links(first: Int = 50, after: String): LinkConnection!
  """What was done under any link of it, oldest first."""
  actions(first: Int = 50, after: String): ActionConnection!
  findings(first: Int = 50, after: String, state: [FindingState!]): FindingConnection!
}

enum GrantChange {
  KEPT
  NARROWED
  DROPPED
  "No link above grants it."
  APPEARED
  WIDENED
  "Wider in form, perhaps not in effect."
  UNPROVEN
}

"""One tool that a link grants."""
type GrantedTool {
  """The tool's URI."""
  tool: String!
  """One line for each argument that is constrained: env = staging, in JSON notation."""
  limits: [String!]!
  """Against the parent; null at a root, and where the parent is not known."""
  change: GrantChange
}

"""One hop, as the graph has it (Link) or as it was judged for one action (Hop)."""
interface Step {
  hash: ID!
  """
  What kind of delegation it is: aat-02/strict-1 is our links; aat-02 (a plain chain of the draft), rfc8693 (a
  hop of an OAuth token, by its server's word) and ocsf (a record) are shown and grant nothing here.
  """
  profile: String!
  """How much its evidence proves, whatever it grants."""
  grade: Grade!
  depth: Int!
  """Null where it is not known."""
  delegator: Party
  """Null where it is not known."""
  delegate: Agent
  granted: [GrantedTool!]!
  signature: SignatureState!
  verdict: Outcome!
  issuedAt: DateTime
  expiresAt: DateTime
}

type Link implements Step {
  """Hash of the signed text, by which everything else names it; of another kind rfc8693: or ocsf: and what follows."""
  hash: ID!
  profile: String!
  grade: Grade!
  """OAuth scope names of a token or a record; names, not grants."""
  scopes: [String!]!
  """False where it is only named."""
  arrived: Boolean!
  parentHash: ID
  depth: Int!
  """How deep it may be handed on."""
  maxDepth: Int
  delegator: Party
  delegate: Agent
  """Who signed, as the token says."""
  issuer: String
  """Thumbprint (RFC 7638) of the key that may use it."""
  holderKey: ID
  principal: Principal
  task: ID
  purpose: String
  audience: [String!]!
  granted: [GrantedTool!]!
  """What changed against the parent, dropped tools included; null at a root and where the parent is not known."""
  changes: [GrantedTool!]
  """Tools that need an approval before each use."""
  approvalNeededFor: [String!]!
  signature: SignatureState!
  """Of the path down to it, without time, audience and revocation; of another kind, by the rules of that kind."""
  verdict: Outcome!
  """Where it is not inside its parent."""
  problems: [NarrowingProblem!]!
  flags: [String!]!
  issuedAt: DateTime
  expiresAt: DateTime
  chain: Chain
  parent: Link
}

type LinkText {
  """Hash of the signed text."""
  hash: ID!
  """The link itself, compact JWS."""
  text: String!
}

type NarrowingProblem {
  """Null where it is about the link as a whole."""
  tool: String
  argument: String
  """widened or unproven."""
  detail: String!
  reason: String!
}

type LinkConnection {
  edges: [LinkEdge!]!
  nodes: [Link!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type LinkEdge {
  cursor: String!
  node: Link!
}

enum Covers {
  YES
  NO
  UNKNOWN
}

type Hop implements Step {
  hash: ID!
  profile: String!
  grade: Grade!
  depth: Int!
  delegator: Party
  delegate: Agent
  granted: [GrantedTool!]!
  signature: SignatureState!
  verdict: Outcome!
  issuedAt: DateTime
  expiresAt: DateTime
  """Whether it covers the action."""
  covers: Covers!
  """The link as the graph has it now."""
  link: Link
}

# Actions

enum Effect {
  OK
  FAILED
  DENIED
  UNKNOWN
}

type Argument {
  name: String!
  """False where only the name left the process; value is then null."""
  disclosed: Boolean!
  value: JSON
}

enum ReceiptState {
  VALID
  INVALID
  MISSING
  UNKNOWN
}

"""What the acting agent signed about the action."""
type Receipt {
  hash: ID
  state: ReceiptState!
  outcome: Outcome!
}

"""Whether the acting agent and the service that was called signed the same of a call."""
enum Agreement {
  AGREE
  DISAGREE
  """One side is missing."""
  INDETERMINATE
}

"""What the service that was called signed about the action."""
type CalledSide {
  """Null where it sent no receipt that holds."""
  receipt: ID
  agreement: Agreement!
}

"""One use of one tool by one agent."""
type Action implements Node {
  nodeId: ID!
  id: ID!
  traceId: String!
  spanId: String!
  """Null where nothing names it."""
  agent: Agent
  tool: String!
  audience: String
  """Only what a grant constrains leaves the process by default."""
  arguments: [Argument!]!
  """Hash of the whole call."""
  actionHash: ID
  task: ID
  principal: Principal
  chain: Chain
  """The link it was done under."""
  link: Link
  at: DateTime!
  endedAt: DateTime
  effect: Effect!
  grade: Grade!
  verdict: Verdict!
  flags: [String!]!
  """Agents that asked for it."""
  drivers: [ID!]!
  approvals: [Approval!]!
  """Hashes of the decision records."""
  decisions: [ID!]!
  """Hash of the credential that was presented."""
  credential: ID
  receipt: Receipt!
  calledSide: CalledSide!
  """Tokens of other kinds that it presented. They explain; no verdict and no finding rests on them."""
  foreign: [ForeignToken!]!
  """Why it was allowed, or where that breaks."""
  why: Authority!
  """False while missing evidence may still come."""
  settled: Boolean!
  findings: [Finding!]!
}

"""A token of another kind, as one call presented it."""
type ForeignToken {
  """rfc8693 or aat-02."""
  profile: String!
  """What this presentation shows: SIGNED at most."""
  grade: Grade!
  """The hop of whoever acts now; its chain has the others."""
  link: Link
  """Of the token, by the rules of its kind."""
  verdict: Outcome!
  """Whether the key that it is bound to was shown for this very call."""
  possession: Outcome!
  flags: [String!]!
  notChecked: [String!]!
}

type ActionConnection {
  edges: [ActionEdge!]!
  nodes: [Action!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type ActionEdge {
  cursor: String!
  node: Action!
}

enum AuthorityKind {
  "Every link of a path covers it."
  CHAIN
  "The agent's own permission."
  STANDING
  "A fresh approval of this very call for this very agent."
  APPROVED
  "Anybody may."
  PUBLIC
  "No derivation was found."
  NONE
  "Not enough has arrived, or was disclosed, to say."
  UNKNOWN
}

type Authority {
  kind: AuthorityKind!
  """One plain sentence."""
  sentence: String!
  hops: [Hop!]!
  """The first hop that does not cover the action."""
  breaksAt: Hop
  """What it relied on instead, where that is somebody else's."""
  source: AuthoritySource
}

"""Where the authority that was used came from."""
type AuthoritySource {
  """approval, link, standing, credential, decision, state (what an agent wrote) or zone."""
  kind: String!
  id: ID!
  """The agent it belongs to."""
  holder: Agent!
  """Whose yes it was."""
  giver: Principal
  signature: SignatureState!
  approval: Approval
  link: Link
}

# Agents

type Agent implements Node & Party {
  nodeId: ID!
  id: ID!
  name: String!
  """agent, service or external, by the word of the registry."""
  kind: String
  owner: Principal
  keys: [AgentKey!]!
  """
  What it may do: by links that do not fail and by standing permission, tool by tool. Looks at its
  newest 500 links; complete says whether that is all.
  """
  granted: Granted!
  """
  What it did, tool by tool. Looks for tools in its newest 500 actions, and counts
  the uses of those in all.
  """
  exercised: Exercised!
  """What it did on somebody else's authority: open findings of inheritance, by tool and source."""
  inherited: Inherited!
  """To whom it handed on, most links first."""
  delegatesTo: Delegations!
  """Who handed on to it, most links first."""
  delegatedBy: Delegations!
  findings(first: Int = 50, after: String, state: [FindingState!]): FindingConnection!
  actions(first: Int = 50, after: String): ActionConnection!
}

type AgentKey {
  """RFC 7638."""
  thumbprint: ID!
  """Ed25519 or ES256."""
  algorithm: String
  """Named by the owner in the registry."""
  registered: Boolean!
  """Links bound to it, among those looked at."""
  links: Int!
}

type Granted {
  permissions: [Permission!]!
  complete: Boolean!
}

enum PermissionSource {
  LINK
  STANDING
}

type Permission {
  tool: String!
  limits: [String!]!
  source: PermissionSource!
  """OK, or UNKNOWN where a link above has not arrived."""
  state: OutcomeState!
  """How many links grant exactly this; 0 for a standing permission."""
  links: Int!
  """The newest of them."""
  link: Link
  """When the last of them ends; null where it does not end."""
  expiresAt: DateTime
}

type Exercised {
  tools: [ToolUse!]!
  complete: Boolean!
}

type ToolUse {
  tool: String!
  uses: Count!
  lastUsedAt: DateTime!
  """The newest."""
  lastAction: Action!
}

type Inherited {
  tools: [InheritedTool!]!
  complete: Boolean!
}

type InheritedTool {
  tool: String!
  from: Agent
  """How often, among the findings looked at."""
  uses: Int!
  lastAt: DateTime!
  findings: [Finding!]!
}

type Delegations {
  parties: [Delegation!]!
  complete: Boolean!
}

type Delegation {
  party: Party!
  links: Int!
  lastIssuedAt: DateTime
}

# Approvals

type Approval implements Node {
  nodeId: ID!
  """Hash of the signed text."""
  id: ID!
  """False where it is only named."""
  arrived: Boolean!
  """Whose yes, or no, it was."""
  approver: Principal
  issuer: String
  """The agent that it was given to: the holder of the link."""
  subject: Agent
  """The link that it is bound to."""
  link: Link
  tool: String
  audience: String
  arguments: [Argument!]!
  actionHash: ID
  task: ID
  """approve or deny."""
  decision: String
  issuedAt: DateTime
  expiresAt: DateTime
  """Of the signature, and whether the approver is one that we know."""
  verdict: Outcome!
  """Actions that presented it, whoever acted."""
  uses(first: Int = 50, after: String): ActionConnection!
  """Findings that blame it."""
  findings(first: Int = 50, after: String, state: [FindingState!]): FindingConnection!
}
`
