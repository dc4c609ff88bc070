/** How things stand with findings, and how they went. */
export const POSTURE_SDL = /* GraphQL */ `
"""
Counted from the graph of now, over whole days in UTC of which the last goes on. What was learned when is what the graph
says of it: after a rebuild, what was found by waiting alone is dated by the rebuild.
"""
type Posture {
  """What it is counted from: of now alone, and the watermark says how far."""
  snapshot: Snapshot!
  """The beginning of the first day."""
  since: DateTime!
  """Now."""
  until: DateTime!
  """Of one zone of the configuration, where it is named."""
  trend(zone: String): Trend!
  timeToTriage: TimeToTriage!
  """What the actions since then are shown by."""
  evidence: EvidenceShare!
  """The actions since then, newest first: those behind the numbers of the evidence."""
  actions(first: Int = 50, after: String, grade: [Grade!]): ActionConnection!
  """Rules with a finding that is open or closed, whenever that was learned; by their codes."""
  rules: [RulePosture!]!
  """By the zones of the configuration, the gravest first; a finding is in a zone by its tool or by its resource. Empty where there is none."""
  zones: [ZonePosture!]!
  """What most of the newest 500 open findings blame, most first, at most 10."""
  mostBlamed: [Blamed!]!
}

type Trend {
  """Oldest first."""
  days: [TrendDay!]!
  """
  False where there is more than is counted: 100,000 findings of one day or of the time before, or 5,000 findings of which
  somebody said something. The days are then not to be relied on.
  """
  complete: Boolean!
}

"""Where the findings stood at the end of a day. Each that was known by then is one of the four."""
type TrendDay {
  """The end of the day; of the last one, now."""
  at: DateTime!
  """Learned on that day."""
  raised: Int!
  """The evidence holds and nobody had put it aside. Suppressed ones are among them."""
  open: Int!
  accepted: Int!
  closed: Int!
  """Not put aside by anybody, and withdrawn since by evidence. One that holds again counts as if it had always held."""
  withdrawn: Int!
}

"""How long findings waited for the first word that took them out of NEW."""
type TimeToTriage {
  """Learned since then, and not NEW now. The newest 500 are looked at."""
  findings: Count!
  """For how many of them it is known: not for those that the graph dates later than what was said of them."""
  known: Int!
  """Seconds; null where it is known of none."""
  medianSeconds: Int
}

"""Actions by what shows them."""
type EvidenceShare {
  proven: Count!
  signed: Count!
  asserted: Count!
  observed: Count!
}

type RulePosture {
  """The rule's code: D1."""
  rule: String!
  ruleName: String!
  """The evidence holds, nobody put it aside, and no suppression hides it."""
  open: Count!
  closed: Count!
  """Of those closed: with the reason DETECTOR_WRONG."""
  detectorWrong: Count!
}

type ZonePosture {
  zone: Zone!
  """Tools of findings that are in the zone, the first 200."""
  tools: [String!]!
  """Resources of findings that are in the zone, the first 200."""
  resources: [String!]!
  """False where there are, or may be, more tools or resources than were looked at."""
  complete: Boolean!
  """The evidence holds, nobody put it aside, and no suppression hides it."""
  open: Count!
  accepted: Count!
  closed: Count!
}

type Blamed {
  """approval, link, credential, decision or state."""
  kind: String!
  id: ID!
  """Open findings that blame it."""
  findings: Count!
}

union PostureResult = Posture | InvalidArgumentError

extend type Query {
  """How findings stand and went over the last days, 1 to 90. Of now alone: the past has no other log of itself."""
  posture(days: Int = 30): PostureResult!
}
`
