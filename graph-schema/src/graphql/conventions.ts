/** Scalars, global ids, pages and expected errors: the Relay server specification and GraphQL Cursor Connections. */
export const CONVENTIONS_SDL = /* GraphQL */ `
"""An instant, ISO 8601 with milliseconds, in UTC: 2026-11-24T10:04:52.000Z. Input may carry an offset."""
scalar DateTime

"""Any JSON value."""
scalar JSON

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
  """Its evidence was older than what is kept, and was trimmed then."""
  trimmedAt: DateTime
}

type InvalidArgumentError implements UserError {
  message: String!
  """The path of the argument: where.severityAtLeast."""
  argument: String!
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
`
