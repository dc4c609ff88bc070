/** Chains and their links. */
export const CHAINS_SDL = /* GraphQL */ `
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

type Link implements Node & Step {
  nodeId: ID!
  """As OCSF's delegation.uid: the same as hash."""
  uid: ID!
  """As OCSF's delegation.parent_uid: the same as parentHash."""
  parentUid: ID
  """As OCSF's delegation.issuer_uid: the same as issuer."""
  issuerUid: String
  """As OCSF's delegation.expiration_time: the same as expiresAt."""
  expirationTime: DateTime
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
  """What takes it back, or the key that holds it, or ends its task; the oldest 16. Those of links above count too, and stand there."""
  withdrawals: [Withdrawal!]!
  issuedAt: DateTime
  expiresAt: DateTime
  chain: Chain
  parent: Link
}

enum WithdrawalKind {
  "One link, and with it all below."
  LINK
  "One approval."
  APPROVAL
  "A key: every link that it holds or signed."
  KEY
  "Everything that was granted for a task."
  TASK
}

"""A record that takes back what was granted. It counts where its verdict is ok. What a status list says is in the verdicts of calls alone."""
type Withdrawal {
  """Hash of the signed text; of a statement that nobody signed, its digest."""
  hash: ID!
  kind: WithdrawalKind!
  """From when it holds, by its own word."""
  at: DateTime
  """Whose word it is; null where it is nobody's of this path."""
  by: Party
  """Who signed, as the record says."""
  issuer: String
  verdict: Outcome!
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
`
