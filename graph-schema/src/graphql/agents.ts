/** Agents: granted, exercised, inherited. */
export const AGENTS_SDL = /* GraphQL */ `
type Agent implements Node & Party {
  nodeId: ID!
  id: ID!
  """As OCSF's ai_agent.uid: the same as id."""
  uid: ID!
  name: String!
  """agent, service or external, by the word of the registry."""
  kind: String
  owner: Principal
  """As OCSF's ai_agent.version, by its owner's word in the registry; null where he does not tell."""
  version: String
  """The model that it runs on, by its owner's word; null where he does not tell."""
  model: String
  """What it is for, by its owner's word; null where he does not tell."""
  charter: String
  """
  The only instance that it was seen as, as OCSF's ai_agent.instance_uid. Null where none was told of, and where
  there are several: instances has them.
  """
  instanceUid: ID
  """
  The running instances that it was seen as, the one seen last first, by the word of whoever sent the evidence:
  OpenTelemetry's service.instance.id of its calls, and instance_uid in records of OCSF. At most 50; where complete
  is false, those of its newest 500 calls and links.
  """
  instances: AgentInstances!
  """When it was first seen: its first call, or the first link to it, by their own word. Null where it was only named."""
  firstSeenAt: DateTime
  """When it was last seen, by the same."""
  lastSeenAt: DateTime
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
  """What it called, newest first."""
  actions(first: Int = 50, after: String, where: ActionFilter): ActionConnection!
}

input ActionFilter {
  """Which tool was called, by its whole name."""
  tool: [String!]
  """How well the evidence shows it."""
  grade: [Grade!]
}

type AgentInstances {
  instances: [AgentInstance!]!
  complete: Boolean!
}

type AgentInstance {
  """At most 255 characters are kept."""
  instanceUid: ID!
  """Its first call, or the first record of a delegation to it; null where they say no time."""
  firstSeenAt: DateTime
  lastSeenAt: DateTime
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
  """When the first of them was issued: the agent has had it since then at the latest. Null where none is bound to it."""
  firstLinkAt: DateTime
  """When the last of them was issued. A key that was rotated out has none after that."""
  lastLinkAt: DateTime
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
`
