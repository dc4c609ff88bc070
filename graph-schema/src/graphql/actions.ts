/** Actions and why they were allowed. */
export const ACTIONS_SDL = /* GraphQL */ `
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
  """True where there is a value and whoever asks may not see it: that takes the role ANALYST."""
  redacted: Boolean!
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
  """The running instance of it, by the word of whoever sent the span; null where he did not tell."""
  instanceUid: ID
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
  """Those of them that arrived, at most 16; decisions of the root lists all."""
  decisionRecords: [Decision!]!
  """Hash of the credential that was presented."""
  credential: ID
  receipt: Receipt!
  calledSide: CalledSide!
  """Tokens of other kinds that it presented. They explain; no verdict and no finding rests on them."""
  foreign: [ForeignToken!]!
  """Why it was allowed, or where that breaks."""
  why: Authority!
  """Where its span is looked at in other tools, as the configuration has them; they may know nothing of it."""
  traceLinks: [TraceLink!]!
  """False while missing evidence may still come."""
  settled: Boolean!
  findings: [Finding!]!
}

type TraceLink {
  """What people call the tool."""
  name: String!
  """http or https."""
  url: String!
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
`
