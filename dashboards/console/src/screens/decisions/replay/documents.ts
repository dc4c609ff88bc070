import { graphql, type ResultOf, type VariablesOf } from '../../../api/graphql.ts'

export const POLICY_REPLAY = graphql(`
  query PolicyReplay(
    $draft: String!, $against: String, $last: Int, $filter: DecisionFilter, $asOf: AsOf,
    $change: [ReplayChange!], $first: Int!, $after: String
  ) {
    policyReplay(draft: $draft, against: $against, last: $last, filter: $filter, asOf: $asOf) {
      __typename
      ... on PolicyReplay {
        policyHash againstHash same allowToDeny denyToAllow errored unknown capped
        warnings { severity code policy line column message text }
        changes { policy before after }
        calls(first: $first, after: $after, change: $change) {
          nodes {
            at tool agent { id name } chain { id } action { id } decision { id }
            before after change by policies errors { code policy }
            residuals { policy effect condition } missing sentence
          }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
      ... on PolicyInvalidError { message slips { severity code policy line column message text } }
      ... on InvalidArgumentError { message }
      ... on ForbiddenError { message needs }
    }
  }
`)

type Result = ResultOf<typeof POLICY_REPLAY>['policyReplay']
export type Replay = Extract<Result, { __typename: 'PolicyReplay' }>
export type ReplayRow = Replay['calls']['nodes'][number]
export type Slip = Replay['warnings'][number]
export type ReplayVariables = VariablesOf<typeof POLICY_REPLAY>
