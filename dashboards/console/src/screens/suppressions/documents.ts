import { graphql, type ResultOf, type VariablesOf } from '../../api/graphql.ts'

export const SUPPRESSIONS = graphql(`
  query Suppressions($active: Boolean, $asOf: AsOf) {
    suppressions(first: 100, active: $active, asOf: $asOf) {
      nodes {
        id matcher reason owner createdAt until endedAt endedBy active
        hides(first: 20) {
          nodes { id rule title severity }
          totalCount { value approximate }
        }
      }
      totalCount { value approximate }
    }
  }
`)

/** What a rule would hide, before there is one. */
export const PREVIEW = graphql(`
  query PreviewSuppression($matcher: SuppressionMatcher!) {
    previewSuppression(matcher: $matcher, first: 50) {
      __typename
      ... on SuppressionPreview {
        matches { value approximate }
        findings { nodes { id rule title severity state happenedAt triage { state suppressedBy { id } } } }
      }
      ... on UserError { message }
    }
  }
`)

export const SUPPRESS = graphql(`
  mutation Suppress($input: SuppressInput!) {
    suppress(input: $input) {
      __typename
      ... on Suppression { id }
      ... on UserError { message }
    }
  }
`)

export const END_SUPPRESSION = graphql(`
  mutation EndSuppression($input: EndSuppressionInput!) {
    endSuppression(input: $input) {
      __typename
      ... on Suppression { id }
      ... on UserError { message }
    }
  }
`)

export type Matcher = VariablesOf<typeof PREVIEW>['matcher']
export type SuppressionRow = ResultOf<typeof SUPPRESSIONS>['suppressions']['nodes'][number]
export type Hidden = SuppressionRow['hides']['nodes'][number]
