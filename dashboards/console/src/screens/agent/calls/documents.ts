import { graphql, type ResultOf } from '../../../api/graphql.ts'

export const AGENT_CALLS = graphql(`
  query AgentCalls($id: ID!, $first: Int!, $after: String, $where: ActionFilter, $asOf: AsOf) {
    agent(id: $id, asOf: $asOf) {
      __typename
      ... on Agent {
        actions(first: $first, after: $after, where: $where) {
          nodes { id at tool effect grade chain { id } why { kind sentence } }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`)

type Told = Extract<ResultOf<typeof AGENT_CALLS>['agent'], { __typename: 'Agent' }>
export type Call = Told['actions']['nodes'][number]
