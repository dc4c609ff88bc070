/** A finding to take away: with all that is needed to come to it again. */
export const PROOFS_SDL = /* GraphQL */ `
"""A finding as one file, with the evidence that it rests on: what "delegraph verify" takes."""
type FindingProof {
  finding: ID!
  """The file, one line of JSON. It holds values of arguments and signed texts, and nothing of it can be left out."""
  text: String!
  """SHA-256 of the file, hexadecimal; an alert names the same."""
  sha256: ID!
  """Its size as UTF-8."""
  bytes: Int!
}

union FindingProofResult = FindingProof | NotFoundError | InvalidArgumentError | ForbiddenError

extend type Query {
  """The file that "delegraph export" writes of a finding. Needs ANALYST."""
  findingProof(id: ID!, asOf: AsOf): FindingProofResult!
}
`
