/** Where alerts go, and what became of each. */
export const ALERTS_SDL = /* GraphQL */ `
enum DeliveryState {
  "Still to be sent."
  OWED
  "Beyond the limit of its rule: told with others in one message."
  HELD
  DELIVERED
  "Counted in a message of how many more there were."
  SUPPRESSED
  "Not sent: the receiver knows as much."
  MERGED
  "Not sent: something newer about the same finding was."
  SUPERSEDED
  "Given up: the receiver refuses it."
  DEAD
}

"""A channel of the configuration, as it stands now."""
type AlertChannel {
  name: String!
  """webhook, alertmanager, slack, pagerduty, teams, ocsf or otlp."""
  kind: String!
  """Alerts that are still to be sent; at most 10,000 are counted."""
  owed: Int!
  """Alerts that wait to be counted in one message."""
  held: Int!
  """Alerts that the receiver refused for good."""
  dead: Int!
  lastDelivery: DateTime
  """The newest attempt that failed, and why."""
  lastErrorAt: DateTime
  lastError: String
}

"""What one channel is told, or was to be told, of one change."""
type AlertDelivery {
  id: ID!
  channel: String!
  change: FindingChange!
  state: DeliveryState!
  """Attempts to send it; nobody asks more than once at a time."""
  attempts: Int!
  rule: String!
  severity: Int!
  """Null where it was trimmed."""
  finding: Finding
  """When it became owed."""
  learnedAt: DateTime!
  """When its receiver took it, or it was settled otherwise."""
  settledAt: DateTime
  """When it is tried next; null where it is settled."""
  nextAttemptAt: DateTime
  """Why the newest attempt failed, in words that hold no secret."""
  error: String
  failedAt: DateTime
}

type AlertDeliveryConnection {
  edges: [AlertDeliveryEdge!]!
  nodes: [AlertDelivery!]!
  pageInfo: PageInfo!
  totalCount: Count!
}

type AlertDeliveryEdge {
  cursor: String!
  node: AlertDelivery!
}

"""What is given must hold for all; the values of one list are alternatives."""
input DeliveryFilter {
  channel: [String!]
  state: [DeliveryState!]
  """Rule codes: D1, D2, ..."""
  rule: [String!]
  finding: [ID!]
}

type AlertLog {
  """Those of the configuration that is in force."""
  channels: [AlertChannel!]!
  """What channels were told and are owed, the newest first, also of channels that are no longer configured."""
  deliveries(
    """How many, 1 to 200."""
    first: Int = 50
    """The endCursor of the page before, under the same filter."""
    after: String
    filter: DeliveryFilter
  ): AlertDeliveriesResult!
}

"""A test finding of the lowest severity and its withdrawal, as a channel took them."""
type AlertTest {
  channel: String!
  """Both were taken."""
  delivered: Boolean!
  """One sentence, without a secret."""
  says: String!
}

union AlertLogResult = AlertLog | ForbiddenError
union AlertDeliveriesResult = AlertDeliveryConnection | InvalidArgumentError
union AlertTestResult = AlertTest | NotFoundError | ForbiddenError

extend type Query {
  """Of now. Needs ANALYST."""
  alertLog: AlertLogResult!
}

input TestAlertChannelInput {
  """As the configuration names the channel."""
  name: String!
}

extend type Mutation {
  """Sends a test finding to one channel and takes it back; goes around what the channel is for. Needs ADMIN."""
  testAlertChannel(input: TestAlertChannelInput!): AlertTestResult!
}
`
