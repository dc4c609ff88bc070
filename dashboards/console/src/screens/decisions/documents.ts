import { graphql, type ResultOf, type VariablesOf } from '../../api/graphql.ts'

/** The parts of a verdict that say whether a call had a chain that holds and covers it. */
const CHAIN_PARTS = graphql(`
  fragment ChainParts on Verdict {
    chain { state code }
    possession { state code }
    status { state code }
    action { state code }
  }
`)

export const DECISION_PAGE = graphql(
  `
  query DecisionPage($first: Int!, $after: String, $filter: DecisionFilter, $asOf: AsOf) {
    decisions(first: $first, after: $after, filter: $filter, asOf: $asOf) {
      __typename
      ... on DecisionConnection {
        nodes {
          id kind answer intent at issuer tool resource policyHash requestHash signature
          evaluation { mode answer policies errors { code policy } latency }
          agent { id name }
          verdict { state code }
          link { hash arrived delegate { id name } verdict { state code } }
          chain { id }
          actions(first: 3) { nodes { verdict { ...ChainParts } } }
        }
        pageInfo { hasNextPage endCursor }
        totalCount { value approximate }
      }
      ... on UserError { message }
    }
  }
`,
  [CHAIN_PARTS],
)

export const DECISION = graphql(
  `
  query Decision($id: ID!, $asOf: AsOf) {
    decision(id: $id, asOf: $asOf) {
      __typename
      ... on Decision {
        id kind answer intent intentMethod at issuer tool resource service policyHash requestHash
        actionHash task signature
        evaluation { mode answer policies errors { code policy } latency engine }
        agent { id name }
        caller { id name }
        arguments { name disclosed redacted value }
        verdict { state code detail meaning }
        link { hash arrived delegate { id name } verdict { state code detail meaning } }
        chain { id }
        actions(first: 20) {
          nodes { id at tool effect agent { id name } chain { id } verdict { ...ChainParts } }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`,
  [CHAIN_PARTS],
)

type Page = Extract<ResultOf<typeof DECISION_PAGE>['decisions'], { nodes: unknown }>
export type DecisionRow = Page['nodes'][number]
export type DecisionWhere = NonNullable<VariablesOf<typeof DECISION_PAGE>['filter']>
export type FullDecision = Extract<
  ResultOf<typeof DECISION>['decision'],
  { __typename: 'Decision' }
>
