import { graphql, type ResultOf } from '../../../api/graphql.ts'

export const COVERAGE = graphql(`
  query AgentCoverage($agents: [ID!], $asOf: AsOf) {
    coverage(agents: $agents, first: 1, asOf: $asOf) {
      nodes {
        agent { id name }
        hops { value approximate }
        proven signed asserted observed dark sentence
      }
    }
  }
`)

export const COVERED_HOPS = graphql(`
  query CoveredHops($agents: [ID!], $first: Int!, $after: String, $where: CoveredHopFilter, $asOf: AsOf) {
    coverage(agents: $agents, first: 1, asOf: $asOf) {
      nodes {
        rows(first: $first, after: $after, where: $where) {
          nodes {
            part grade dark
            action { id at tool agent { id name } chain { id } }
            link {
              hash issuedAt chain { id }
              delegator { ... on Agent { name } ... on Principal { name } }
            }
          }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
    }
  }
`)

export const LEAST_PRIVILEGE = graphql(`
  query LeastPrivilege($agent: ID!, $asOf: AsOf) {
    leastPrivilege(agent: $agent, asOf: $asOf) {
      __typename
      ... on LeastPrivilege {
        agent { id name }
        granted { tool limits source }
        exercised { tool uses { value approximate } lastUsedAt }
        inherited { tool uses lastAt from { id name } }
        unused { tool limits source expiresAt }
        proposal { code sentence complete }
      }
      ... on UserError { message }
    }
  }
`)

export type Coverage = ResultOf<typeof COVERAGE>['coverage']['nodes'][number]
export type CoveredHop = ResultOf<
  typeof COVERED_HOPS
>['coverage']['nodes'][number]['rows']['nodes'][number]
export type LeastPrivilege = Extract<
  ResultOf<typeof LEAST_PRIVILEGE>['leastPrivilege'],
  { __typename: 'LeastPrivilege' }
>
