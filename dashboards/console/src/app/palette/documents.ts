import { graphql, type ResultOf } from '../../api/graphql.ts'

export const SEARCH = graphql(`
  query Search($text: String!, $asOf: AsOf) {
    search(text: $text, asOf: $asOf) {
      __typename
      ... on Matches { matches { kind id name chain } complete }
      ... on UserError { message }
    }
  }
`)

export type Match = Extract<
  ResultOf<typeof SEARCH>['search'],
  { __typename: 'Matches' }
>['matches'][number]
