import { graphql, type VariablesOf } from './graphql.ts'

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

export const GRAPH_STORE = graphql(`query GraphStore { graphStore }`)

/** The same question for a reader of the store itself. */
export const CYPHER = graphql(`
  query CypherOf($question: CypherQuestion!) {
    cypher(question: $question) {
      __typename
      ... on Cypher { text }
      ... on UserError { message }
    }
  }
`)

export type CypherQuestion = VariablesOf<typeof CYPHER>['question']
