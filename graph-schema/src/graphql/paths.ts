/** Ways through the graph, forwards and back, and what is held to be critical. */
export const PATHS_SDL = /* GraphQL */ `
enum EndKind {
  AGENT
  KEY
  CREDENTIAL
  LINK
  APPROVAL
  RESOURCE
  PRINCIPAL
  TOOL
}

"""Where ways end, or what they do not pass through."""
input EndInput {
  kind: EndKind!
  """Of an agent, resource or principal its name; of a tool its URI; of a link, approval or credential its hash; of a key its thumbprint."""
  id: ID!
}

type End {
  kind: EndKind!
  id: ID!
  """The short form of the id."""
  name: String!
}

"""One way from a start to an end: over recorded grants and recorded hops, past no fact twice."""
type Way {
  """The least of the rules that is needed: GIVEN is what was granted, and more is inheritance."""
  rule: ReachRule!
  """Every step of it holds."""
  inForce: Boolean!
  """An independent decision lies on it."""
  decided: Boolean!
  steps: [WitnessStep!]!
}

type Paths {
  snapshot: Snapshot!
  start: StartNode!
  to: End!
  """The shortest first, as many as were asked for. None is not that there is none in the world."""
  paths: [Way!]!
  """False where there are more, or may be."""
  complete: Boolean!
  """What to take back, in order, so that as few ways in force as can be are left."""
  chokePoints: [ChokePoint!]!
  """As that of BlastRadius."""
  cappedBy: [String!]!
}

"""Somebody who could reach it, with the shortest way."""
type Reacher {
  """An agent or a principal."""
  start: StartNode!
  way: Way!
}

type ReacherConnection {
  edges: [ReacherEdge!]!
  nodes: [Reacher!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type ReacherEdge {
  cursor: String!
  node: Reacher!
}

type ReachedBy {
  snapshot: Snapshot!
  to: End!
  """What is in force before what is over, granted before inherited, then the shortest way."""
  reachers(first: Int = 50, after: String): ReacherConnection!
  """Agents and principals from which a way may lead there, and was looked for; no way leads there from any other, unless it is capped."""
  lookedAt: Int!
  """starts, rows or time, where not all were tried; and as that of BlastRadius."""
  cappedBy: [String!]!
}

"""A part of the world that the configuration holds to be critical, by the names of tools and resources."""
type Zone {
  name: String!
  """1 to 5, the gravest."""
  criticality: Int!
}

type ZoneReach {
  zone: Zone!
  count: ReachCount!
  """What to take back, in order, to cut off what is in force in it."""
  chokePoints: [ChokePoint!]!
}

union PathsResult = Paths | NotFoundError | InvalidArgumentError
union ReachedByResult = ReachedBy | NotFoundError | InvalidArgumentError

extend type Query {
  """Ways from what somebody holds to one thing."""
  paths(
    from: StartInput!
    to: EndInput!
    """As that of blastRadius."""
    avoid: [EndInput!]
    """As those of blastRadius."""
    rules: [ReachRule!]
    """Only over what holds at the instant that is asked of."""
    inForce: Boolean = false
    since: DateTime
    maxDepth: Int = 16
    """How many ways, 1 to 50."""
    first: Int = 10
    asOf: AsOf
  ): PathsResult!

  """Who could reach one thing: the same question, asked from each agent and principal."""
  reachedBy(
    to: EndInput!
    """As that of blastRadius."""
    avoid: [EndInput!]
    """As those of blastRadius."""
    rules: [ReachRule!]
    """Only over what holds at the instant that is asked of."""
    inForce: Boolean = false
    since: DateTime
    maxDepth: Int = 16
    asOf: AsOf
  ): ReachedByResult!

  """What is held to be critical, the gravest first."""
  zones: [Zone!]!
}
`
