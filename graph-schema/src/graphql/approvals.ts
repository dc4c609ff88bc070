/** Approvals and their uses. */
export const APPROVALS_SDL = /* GraphQL */ `
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
  """What takes it back; the oldest 16."""
  withdrawals: [Withdrawal!]!
  """Actions that presented it, whoever acted."""
  uses(first: Int = 50, after: String): ActionConnection!
  """Findings that blame it."""
  findings(first: Int = 50, after: String, state: [FindingState!]): FindingConnection!
}
`
