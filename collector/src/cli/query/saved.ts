/** A question that is kept by its name: a document, and what its variables are where nobody says. */
export interface SavedQuery {
  readonly about: string
  readonly document: string
  readonly variables?: Readonly<Record<string, unknown>>
}

const FINDING = 'rule severity grade title agent { id } from { id } tool happenedAt id'

/** Each lists rows. `delegraph query NAME` asks them; whatever else is asked is written as GraphQL. */
export const SAVED: Readonly<Record<string, SavedQuery>> = {
  'open-findings': {
    about: 'what is open, what wakes somebody first',
    document: `query ($first: Int) { findings(first: $first, where: { state: [OPEN] }, orderBy: { field: URGENCY }) { ... on FindingConnection { nodes { ${FINDING} } } ... on UserError { message } } }`,
  },
  'inherited-authority': {
    about: 'findings in which an agent used what was given to another (D1, D3, D7)',
    document: `query ($first: Int) { findings(first: $first, where: { state: [OPEN], rule: ["D1", "D3", "D7"] }) { ... on FindingConnection { nodes { ${FINDING} } } ... on UserError { message } } }`,
  },
  'by-agent': {
    about: 'findings in which one agent gained: --var agent=agent:worker',
    document: `query ($first: Int, $agent: ID!) { findings(first: $first, where: { agent: [$agent] }) { ... on FindingConnection { nodes { ${FINDING} } } ... on UserError { message } } }`,
  },
  denied: {
    about: 'decisions that refused a call',
    document:
      'query ($first: Int) { decisions(first: $first, filter: { answer: [DENY] }) { ... on DecisionConnection { nodes { at agent { id } tool issuer policyHash evaluation { mode policies } id } } ... on UserError { message } } }',
  },
  'noisy-rules': {
    about: 'rules by how many of their findings were closed as wrong',
    document:
      'query ($days: Int) { posture(days: $days) { ... on Posture { rules { rule ruleName open { value } closed { value } detectorWrong { value } } } ... on UserError { message } } }',
    variables: { days: 90 },
  },
  undelivered: {
    about: 'alerts that are owed or were given up',
    document:
      'query ($first: Int) { alertLog { ... on AlertLog { deliveries(first: $first, filter: { state: [OWED, HELD, DEAD] }) { ... on AlertDeliveryConnection { nodes { learnedAt channel state attempts rule error finding { id } } } ... on UserError { message } } } ... on UserError { message } } }',
  },
}
