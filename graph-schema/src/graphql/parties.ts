/** Who can give a grant. */
export const PARTIES_SDL = /* GraphQL */ `
"""Somebody who can give a grant: a principal at the root of a chain, an agent below it."""
interface Party {
  id: ID!
  """The short form of the id, as sentences use it."""
  name: String!
}

"""A person, organisation or service that answers for what agents do."""
type Principal implements Party {
  id: ID!
  name: String!
  """person, organisation or service, by the word of the registry."""
  kind: String
  """True where the registry says that it no longer answers for anything; null where it says nothing."""
  disabled: Boolean
}
`
