import { graphql, type ResultOf, type VariablesOf } from '../../api/graphql.ts'

/** What a row shows. */
const ROW = graphql(`
  fragment FindingRowParts on Finding {
    id rule ruleName class title severity state statusId certainty grade pages incident fingerprint series
    tool resource hopCount happenedAt raisedAt
    agent { id name }
    from { id name }
    principal { id name }
    owner { id name }
    triage { state version assignee reason until suppressedBy { id } }
  }
`)

/** Findings one by one, each with how often its like was found. */
export const FINDING_PAGE = graphql(
  `
  query FindingPage($first: Int!, $after: String, $where: FindingFilter, $orderBy: FindingOrder!, $asOf: AsOf) {
    findings(first: $first, after: $after, where: $where, orderBy: $orderBy, asOf: $asOf) {
      __typename
      ... on FindingConnection {
        nodes { ...FindingRowParts occurrences { value } }
        pageInfo { hasNextPage endCursor }
        totalCount { value approximate }
      }
      ... on UserError { message }
    }
  }
`,
  [ROW],
)

/** The same as groups; how many findings that are in all is asked with the first page alone. */
export const FINDING_GROUPS = graphql(
  `
  query FindingGroups(
    $by: FindingGrouping!, $first: Int!, $after: String, $where: FindingFilter, $orderBy: FindingOrder!, $asOf: AsOf
    $counted: Boolean!
  ) {
    findingGroups(by: $by, first: $first, after: $after, where: $where, orderBy: $orderBy, asOf: $asOf) {
      __typename
      ... on FindingGroupConnection {
        nodes { key findings incidents firstAt lastAt lead { ...FindingRowParts occurrences { value } } }
        pageInfo { hasNextPage endCursor }
      }
      ... on UserError { message }
    }
    all: findings(first: 1, where: $where, asOf: $asOf) @include(if: $counted) {
      __typename
      ... on FindingConnection { totalCount { value approximate } }
    }
  }
`,
  [ROW],
)

export const FINDING = graphql(`
  query Finding($id: ID!, $asOf: AsOf) {
    finding(id: $id, asOf: $asOf) {
      __typename
      ... on Finding {
        id rule ruleName class title severity severityReasons state certainty grade pages incident
        fingerprint series counterfactual tool resource task happenedAt raisedAt updatedAt registryVersion
        occurrences { value approximate }
        grounds { text shownBy { kind id chain agent } }
        agent { id name }
        from { id name }
        principal { id name disabled }
        owner { id name disabled }
        chain { id }
        link { hash }
        remedy { kind sentence until }
        breaksAt { hash depth }
        hops {
          hash profile grade depth covers signature
          delegator { __typename id name }
          delegate { id name }
          granted { tool limits change }
          verdict { state code detail meaning text }
          link { arrived }
        }
        source {
          kind id signature
          holder { id name }
          giver { id name disabled }
          approval {
            id arrived tool decision issuedAt expiresAt issuer
            approver { id name }
            subject { id name }
            arguments { name disclosed redacted value }
            verdict { state code detail meaning text }
            uses(first: 5) {
              nodes { id at tool agent { id name } }
              totalCount { value approximate }
            }
          }
        }
        culprit { kind id }
        timeline { at what }
        flow { at did resource agent { id name } }
        assignments { count violating capped decides }
        verdict {
          chain { ...Part } possession { ...Part } identity { ...Part } status { ...Part }
          action { ...Part } approval { ...Part } decision { ...Part } effect { ...Part }
        }
        action {
          id traceId spanId traceLinks { name url } at tool audience effect grade actionHash
          arguments { name disclosed redacted value }
          receipt { hash state }
          calledSide { receipt agreement }
          why { kind sentence }
          decisions
          decisionRecords {
            id answer at issuer policyHash signature
            verdict { state code detail meaning text }
          }
        }
        sameIncident { id rule ruleName title severity state }
        alerts { id channel change state attempts }
        triage {
          state version assignee reason note until updatedAt updatedBy
          suppressedBy { id reason owner until }
          history { at by state assignee reason comment until version }
        }
      }
      ... on UserError { message }
    }
  }
  fragment Part on Outcome { state code detail meaning text }
`)

/** How many there are of what is like it. */
export const SIMILAR_FINDINGS = graphql(`
  query SimilarFindings($like: FindingFilter!, $asOf: AsOf) {
    like: findings(first: 1, where: $like, asOf: $asOf) {
      __typename
      ... on FindingConnection { totalCount { value approximate } }
      ... on UserError { message }
    }
  }
`)

/** The finding as a file; for whoever may see all of it. */
export const FINDING_PROOF = graphql(`
  query FindingProof($id: ID!, $asOf: AsOf) {
    findingProof(id: $id, asOf: $asOf) {
      __typename
      ... on FindingProof { text sha256 bytes }
      ... on UserError { message }
    }
  }
`)

/** How many each tab has. */
export const INBOX_COUNTS = graphql(`
  query InboxCounts(
    $open: FindingFilter!, $mine: FindingFilter!, $accepted: FindingFilter!, $closed: FindingFilter!
    $withdrawn: FindingFilter!, $all: FindingFilter!, $hidden: FindingFilter!, $asOf: AsOf
  ) {
    open: findings(first: 1, where: $open, asOf: $asOf) { __typename ... on FindingConnection { totalCount { value approximate } } }
    mine: findings(first: 1, where: $mine, asOf: $asOf) { __typename ... on FindingConnection { totalCount { value approximate } } }
    accepted: findings(first: 1, where: $accepted, asOf: $asOf) { __typename ... on FindingConnection { totalCount { value approximate } } }
    closed: findings(first: 1, where: $closed, asOf: $asOf) { __typename ... on FindingConnection { totalCount { value approximate } } }
    withdrawn: findings(first: 1, where: $withdrawn, asOf: $asOf) { __typename ... on FindingConnection { totalCount { value approximate } } }
    all: findings(first: 1, where: $all, asOf: $asOf) { __typename ... on FindingConnection { totalCount { value approximate } } }
    hidden: findings(first: 1, where: $hidden, asOf: $asOf) { __typename ... on FindingConnection { totalCount { value approximate } } }
  }
`)

/** What came, what waits, and how long things wait: of the whole inbox, whatever is filtered. */
export const INBOX_FIGURES = graphql(`
  query InboxFigures($fresh: FindingFilter!, $untriaged: FindingFilter!) {
    fresh: findings(first: 1, where: $fresh) {
      __typename
      ... on FindingConnection { totalCount { value approximate } }
    }
    untriaged: findings(first: 1, where: $untriaged, orderBy: { field: RAISED_AT, direction: ASC }) {
      __typename
      ... on FindingConnection { nodes { id raisedAt } totalCount { value approximate } }
    }
    posture {
      __typename
      ... on Posture {
        since
        timeToTriage { findings { value approximate } known medianSeconds }
      }
    }
  }
`)

type Connection = Extract<ResultOf<typeof FINDING_PAGE>['findings'], { nodes: unknown }>
export type FindingRow = Omit<Connection['nodes'][number], 'occurrences'>
export type FindingWhere = NonNullable<VariablesOf<typeof FINDING_PAGE>['where']>
export type FindingOrder = VariablesOf<typeof FINDING_PAGE>['orderBy']
export type FullFinding = Extract<ResultOf<typeof FINDING>['finding'], { __typename: 'Finding' }>
