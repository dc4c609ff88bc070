/** What keeps the graph, and how whoever may ask it himself would ask. */
export const STORE_SDL = /* GraphQL */ `
enum GraphStoreKind {
  SQLITE
  NEO4J
}

"""One question: exactly one of these is given. Cypher tells of the graph as it is now alone."""
input CypherQuestion {
  findings: CypherFindings
  decisions: CypherDecisions
  """The links of the chain that this link is of, and the calls under each."""
  chain: ID
  """What this agent called, tool by tool: how often, how often on the authority of others, and when last."""
  agent: ID
  resting: CypherResting
}

input CypherFindings {
  """How many, 1 to 200."""
  first: Int = 50
  where: FindingFilter
  orderBy: FindingOrder
}

input CypherDecisions {
  """How many, 1 to 200."""
  first: Int = 50
  filter: DecisionFilter
  orderBy: DecisionOrder
}

"""
Executed actions that used a link or one below it, an approval or a credential. Artefacts of other kinds are
refused: what rests on a key or on what a registry says is judged, and not stored.
"""
input CypherResting {
  on: ArtefactInput!
  since: DateTime
}

type Cypher {
  """One statement with every value in it, escaped."""
  text: String!
}

union CypherResult = Cypher | InvalidArgumentError

extend type Query {
  graphStore: GraphStoreKind!

  """
  The same question as a statement in Cypher, for somebody who may read the Neo4j that keeps the graph; null where
  something else keeps it.
  """
  cypher(question: CypherQuestion!): CypherResult
}
`
