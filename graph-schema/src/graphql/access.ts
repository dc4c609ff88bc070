/** Who asks, and what they may. */
export const ACCESS_SDL = /* GraphQL */ `
enum Role {
  "May read."
  VIEWER
  "May read and triage, and send any query."
  ANALYST
  "May do everything that the API offers."
  ADMIN
  "May send evidence, and look links up by their hashes."
  INGEST
  "May read metrics and which tenant is unwell: none of this API."
  MONITOR
}

"""Whoever asks."""
type Viewer {
  name: String!
  roles: [Role!]!
  tenant: String!
}

type ForbiddenError implements UserError {
  message: String!
  needs: Role!
}

extend type Query {
  viewer: Viewer!
}
`
