/** Finding things by a part of what they are called. */
export const SEARCH_SDL = /* GraphQL */ `
enum MatchKind {
  AGENT
  PRINCIPAL
  TOOL
  FINDING
  LINK
  ACTION
  APPROVAL
  DECISION
}

"""Something that a text may mean."""
type Match {
  kind: MatchKind!
  """What the field that gives one of this kind takes; of a tool its URI."""
  id: ID!
  """What people call it: a short name, a title, or the id itself."""
  name: String!
  """Of a link and an action: the chain that it belongs to, where that is known."""
  chain: ID
}

type Matches {
  """What was searched."""
  snapshot: Snapshot!
  """Kind by kind, at most 8 of each: what is called so, what begins so, what has it somewhere; findings newest first."""
  matches: [Match!]!
  """False where there are more, or where not all were looked at."""
  complete: Boolean!
}

union SearchResult = Matches | InvalidArgumentError

extend type Query {
  """
  What a text of 2 to 1,024 characters may mean. Agents, principals and tools have it in their name, of which 2,000 each are
  looked at; findings in their title, of which the newest 500 are looked at; of 6 characters on, findings, links,
  actions (by trace id), approvals and decisions have it at the beginning of their id.
  """
  search(text: String!, asOf: AsOf): SearchResult!
}
`
