import { graphql } from './graphql.ts'

const EVENT = graphql(`
  fragment EventParts on FindingEvent {
    cursor change learnedAt
    finding {
      id rule ruleName title severity state grade pages
      agent { id name }
      from { id name }
      chain { id }
      action { id }
    }
  }
`)

export const FINDING_RAISED = graphql(
  `
  subscription FindingRaised($after: String) {
    findingRaised(after: $after) { ...EventParts }
  }
`,
  [EVENT],
)

/** The same changes as a log, the newest first. */
export const FINDING_EVENTS = graphql(
  `
  query FindingEvents($first: Int!, $after: String, $asOf: AsOf) {
    findingEvents(first: $first, after: $after, asOf: $asOf) {
      __typename
      ... on FindingEventConnection {
        nodes { ...EventParts }
        pageInfo { hasNextPage endCursor }
        totalCount { value approximate }
      }
      ... on UserError { message }
    }
  }
`,
  [EVENT],
)

export const FINDING_CURSOR = graphql(`query FindingCursor { findingCursor }`)

export const WHO_ASKS = graphql(`query WhoAsks { viewer { name roles tenant } }`)
