/** What can be asked, watched and done, and what the answers are. */
export const OPERATIONS_SDL = /* GraphQL */ `
type Query {
  """One finding, by its id. Wherever one thing is asked for, and with links, suppressions and changes, asOf takes knownAt alone."""
  finding(id: ID!, asOf: AsOf): FindingResult!

  """Findings, newest first unless ordered otherwise."""
  findings(
    """How many, 1 to 200."""
    first: Int = 50
    """The endCursor of the page before, under the same where and orderBy."""
    after: String
    where: FindingFilter
    orderBy: FindingOrder = { field: RAISED_AT, direction: DESC }
    """Its validAt leaves out what happened later."""
    asOf: AsOf
  ): FindingsResult!

  """The same findings as groups, those first whose first finding would be."""
  findingGroups(
    by: FindingGrouping!
    """How many, 1 to 200."""
    first: Int = 50
    """The endCursor of the page before, under the same by, where and orderBy."""
    after: String
    where: FindingFilter
    orderBy: FindingOrder = { field: RAISED_AT, direction: DESC }
    """Its validAt leaves out what happened later."""
    asOf: AsOf
  ): FindingGroupsResult!

  """The chain that a link belongs to: by the hash of its root (the chain id) or of any link in it."""
  chain(id: ID!, asOf: AsOf): ChainResult!

  """One action, by its id: trace id and span id, joined by a hyphen."""
  action(id: ID!, asOf: AsOf): ActionResult!

  """One agent, by the name that links and spans give it."""
  agent(id: ID!, asOf: AsOf): AgentResult!

  """One approval, by its hash."""
  approval(id: ID!, asOf: AsOf): ApprovalResult!

  """
  Signed links by their hashes, at most 16: for a service that was shown the hashes of a chain. What
  has not arrived is left out. Whoever asks hashes and verifies each text again.
  """
  linkTexts(hashes: [ID!]!, asOf: AsOf): [LinkText!]!

  """Any node by its nodeId; null where there is none."""
  node(id: ID!, asOf: AsOf): Node

  """
  Changes of findings, the newest first: what findingRaised told, page by page. With asOf those that had been
  learned by then; each finding is as it was then.
  """
  findingEvents(
    """How many, 1 to 200."""
    first: Int = 50
    """The endCursor of the page before."""
    after: String
    asOf: AsOf
  ): FindingEventsResult!

  """What the other fields of this request are answered from, where they have the same asOf."""
  snapshot(asOf: AsOf): Snapshot!

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

union FindingResult = Finding | NotFoundError | InvalidArgumentError
union FindingsResult = FindingConnection | InvalidArgumentError
union FindingGroupsResult = FindingGroupConnection | InvalidArgumentError
union FindingEventsResult = FindingEventConnection | InvalidArgumentError
union ChainResult = Chain | NotFoundError | InvalidArgumentError
union ActionResult = Action | NotFoundError | InvalidArgumentError
union AgentResult = Agent | NotFoundError | InvalidArgumentError
union ApprovalResult = Approval | NotFoundError | InvalidArgumentError
`
