/** Questions over the graph: what could be reached, what would be lost, whose yes it was. */
export const QUESTIONS_SDL = /* GraphQL */ `
"""
Two clocks, each of which may be given without the other. knownAt, now where absent: as the graph was by what
had been received until then, made again from the journal. validAt, knownAt where absent: the world ends then; what
happened later is no part of it, and what is in force is in force at that instant. Where a field cannot say it, it
answers InvalidArgumentError and never with now.
"""
input AsOf {
  validAt: DateTime
  knownAt: DateTime
}

"""The instants that an answer is about, and how far the graph had come."""
type Snapshot {
  validAt: DateTime!
  knownAt: DateTime!
  """The last journal record that is in it. What is not in the graph up to here is not known to be absent."""
  watermark: String!
}

enum StartKind {
  AGENT
  KEY
  CREDENTIAL
  LINK
  APPROVAL
  RESOURCE
  PRINCIPAL
}

input StartInput {
  kind: StartKind!
  """Of an agent, resource or principal its name; of a link, approval or credential its hash; of a key its thumbprint."""
  id: ID!
}

extend type Query {
  """
  What somebody who holds this could reach: rows that were already exercised since then, and rows that
  still can be. Recorded grants and recorded hops alone: it never says that something cannot happen.
  """
  blastRadius(
    from: StartInput!
    since: DateTime
    """How many steps are followed, 1 to 32: to hold a link, to hand it on, to call somebody is one each."""
    maxDepth: Int = 16
    """What nothing passes through, at most 50: of an agent its hands and its links, of a tool its uses."""
    avoid: [EndInput!]
    """By which rules alone a thing follows from another; by all where absent."""
    rules: [ReachRule!]
    asOf: AsOf
  ): BlastRadiusResult!

  """
  Executed actions that rest on these artefacts, judged again as if they had been taken back at since (from
  the beginning where absent). Read-only.
  """
  whatIf(revoke: [ArtefactInput!]!, since: DateTime, asOf: AsOf): WhatIfResult!

  """
  From an action to the person whose yes it was. It is judged at its own time; validAt asks whether the yes was in
  force then, and knows no action that came later.
  """
  why(action: ID!, asOf: AsOf): WhyResult!

  """How much of what agents did, asked for and were handed is shown by evidence; by id, all agents where none is named."""
  coverage(agents: [ID!], first: Int = 50, after: String, asOf: AsOf): CoverageConnection!

  """What an agent was granted and used since then, and the least that would have been enough."""
  leastPrivilege(agent: ID!, since: DateTime, asOf: AsOf): LeastPrivilegeResult!
}

union BlastRadiusResult = BlastRadius | NotFoundError | InvalidArgumentError
union WhatIfResult = WhatIf | NotFoundError | InvalidArgumentError
union WhyResult = Why | NotFoundError | InvalidArgumentError
union LeastPrivilegeResult = LeastPrivilege | NotFoundError | InvalidArgumentError

enum ReachRule {
  "Descendants of its links, its approvals, credentials and standing permissions."
  GIVEN
  "An agent that it may call, or was seen to call, acts on its own standing permission."
  CALLABLE
  "An agent reads what it wrote."
  STATEFUL
  "It can change what governs an agent, or an artefact."
  CONTROL
}

type BlastRadius {
  snapshot: Snapshot!
  start: StartNode!
  """Rows that were used since then, gravest first, whether or not they still can be."""
  exercised(first: Int = 50, after: String): ReachConnection!
  """Rows that are in force, gravest first, whether or not they were used."""
  exercisable(first: Int = 50, after: String): ReachConnection!
  """By the rule GIVEN alone: what was granted."""
  granted: ReachCount!
  """By all four rules. The difference to granted is what inheritance adds."""
  reachable: ReachCount!
  byEffect: [EffectCount!]!
  """Whom to call, most rows first."""
  owners: [OwnerCount!]!
  """What is reached of each zone, the gravest first; a zone of which nothing is has no entry."""
  byZone: [ZoneReach!]!
  """
  What to take back, in order, so that the gravest rows in force are cut off: first the start itself where it
  can be taken back, then the fewest artefacts that stand between.
  """
  chokePoints: [ChokePoint!]!
  capped: Boolean!
  """depth, links, actions, asked (calls that others made when asked), writes, movements, credentials, neighbours (of one thing, at most 10,000 are read), rows or time."""
  cappedBy: [String!]!
}

type StartNode {
  kind: StartKind!
  id: ID!
  """The short form of the id."""
  name: String!
}

type ReachCount {
  rows: Int!
  exercised: Int!
  exercisable: Int!
  agents: Int!
}

type EffectCount {
  """1 read, 2 sensitive read, 3 reversible write, 4 irreversible; null where nobody classified the tool."""
  effectClass: Int
  exercised: Int!
  exercisable: Int!
}

type OwnerCount {
  """Null where nobody answers for the agents."""
  owner: Principal
  agents: [Agent!]!
  exercised: Int!
  exercisable: Int!
}

"""One permission that can be reached."""
type Reach {
  """At the root of the grant, or who answers for the agent."""
  principal: Principal
  """Who would act."""
  agent: Agent!
  tool: String!
  limits: [String!]!
  """What it was last used on."""
  resource: String
  from: DateTime
  until: DateTime
  """The least of the rules that is needed to reach it."""
  rule: ReachRule!
  """Whether every way to it has an independent decision on it; witness shows one that has none where there is one."""
  decided: Boolean!
  """1 to 4; null where nobody classified the tool."""
  effectClass: Int
  exercised: Boolean!
  """In force, and so is every step to it."""
  exercisable: Boolean!
  lastAction: Action
  """Those that the tool, or what it was last used on, is in; the gravest first."""
  zones: [Zone!]!
  """From the start to the permission."""
  witness: [WitnessStep!]!
}

type WitnessStep {
  """agent, link, approval, credential, standing, export, call, resource, key, principal or permission."""
  kind: String!
  id: ID!
  sentence: String!
}

type ReachConnection {
  edges: [ReachEdge!]!
  nodes: [Reach!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type ReachEdge {
  cursor: String!
  node: Reach!
}

type ChokePoint {
  kind: String!
  id: ID!
  """Rows that are cut off by it and were not by those before it."""
  cuts: Int!
  of: Int!
  sentence: String!
}

enum ArtefactKind {
  LINK
  APPROVAL
  CREDENTIAL
  KEY
  EXPORT
  STANDING
}

input ArtefactInput {
  kind: ArtefactKind!
  """The hash of a link, approval or credential; the thumbprint of a key; of an export or a standing permission the agent, or agent and tool URI with a space between."""
  id: ID!
}

enum Fate {
  "It would have had no authority, or not what it passed on."
  LOSES
  "Another derivation remains."
  KEEPS
  UNKNOWN
}

type WhatIf {
  snapshot: Snapshot!
  loses: Count!
  keeps: Count!
  unknown: Count!
  """Of those that lose it: actions that were in order."""
  legitimateLost: Count!
  """Newest first."""
  actions(first: Int = 50, after: String, fate: [Fate!]): FateConnection!
  """The newest were judged, and not all."""
  capped: Boolean!
}

type ActionFate {
  action: Action!
  fate: Fate!
  sentence: String!
  """Codes of the rules that would fire on it and do not now."""
  rules: [String!]!
  """The derivation that remains."""
  by: String
}

type FateConnection {
  edges: [FateEdge!]!
  nodes: [ActionFate!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type FateEdge {
  cursor: String!
  node: ActionFate!
}

type Why {
  snapshot: Snapshot!
  action: Action!
  authority: Authority!
  """Those that it cites."""
  approvals: [Approval!]!
  """Whose yes it was; null where nobody had to say it, or nobody did."""
  yes: Principal
  """
  Whether what it passed on was in force at validAt: the path, the standing permission, an approval with a use left.
  Null where it passed on nothing that is known, or where that cannot be told.
  """
  inForce: Boolean
  """All of it in one sentence."""
  sentence: String!
  """Open, gravest first, at most 100."""
  findings: [Finding!]!
}

type AgentCoverage {
  agent: Agent!
  """Calls that it made, calls that it asked others for, and links that it was handed and never answered."""
  hops: Count!
  proven: Int!
  signed: Int!
  asserted: Int!
  observed: Int!
  """Hops of which neither a link nor a receipt shows anything."""
  dark: Int!
  sentence: String!
  snapshot: Snapshot!
  """The hops that the numbers count, newest first."""
  rows(first: Int = 50, after: String, where: CoveredHopFilter): CoveredHopConnection!
}

input CoveredHopFilter {
  """What an agent was handed and never answered has none."""
  grade: [Grade!]
  dark: Boolean
}

enum HopPart {
  """A call of its own."""
  MADE
  """A call that it asked another for."""
  ASKED
  """A link that it was handed, and nothing was heard of since."""
  HANDED
}

type CoveredHop {
  part: HopPart!
  """Null of what it was handed."""
  grade: Grade
  """Neither a link nor a receipt shows it."""
  dark: Boolean!
  """The call; null of what it was handed."""
  action: Action
  """What it was handed; null of a call."""
  link: Link
}

type CoveredHopConnection {
  edges: [CoveredHopEdge!]!
  nodes: [CoveredHop!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type CoveredHopEdge {
  cursor: String!
  node: CoveredHop!
}

type CoverageConnection {
  """What the page was read from."""
  snapshot: Snapshot!
  edges: [CoverageEdge!]!
  nodes: [AgentCoverage!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type CoverageEdge {
  cursor: String!
  node: AgentCoverage!
}

type LeastPrivilege {
  snapshot: Snapshot!
  agent: Agent!
  """In force at some time since then."""
  granted: [Permission!]!
  exercised: [ToolUse!]!
  inherited: [InheritedTool!]!
  """Granted, and no call needed it."""
  unused: [Permission!]!
  proposal: ProposedGrant!
}

type ProposedGrant {
  """The map to paste into grant() or narrow(); a list of maps where no one grant covers all that was done."""
  tools: JSON!
  code: String!
  sentence: String!
  """Everything that was done in order was looked at and is covered."""
  complete: Boolean!
}
`
