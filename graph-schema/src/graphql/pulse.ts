/** What goes through the collector right now. */
export const PULSE_SDL = /* GraphQL */ `
"""Of now alone, and of this collector: it is counted in memory, and begins anew with a restart."""
type Pulse {
  """How many seconds the links are counted over, up to now."""
  seconds: Int!
  """Links that were verified in them. What is known already is not verified again."""
  linksVerified: Int!
  """Of these, links that do not hold."""
  linksFailed: Int!
  """Records that were received and are not in the graph yet."""
  lagRecords: Int!
  """How long the oldest of them waits."""
  lagSeconds: Float!
  """What shows the actions of the last 15 minutes, by the time when they were done."""
  evidence: EvidenceShare!
}

extend type Query {
  """Null where nobody counts."""
  pulse: Pulse
}
`
