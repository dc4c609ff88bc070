import { graphql, type ResultOf } from '../../../api/graphql.ts'

export const POSTURE = graphql(`
  query Posture($days: Int!, $zone: String) {
    posture(days: $days) {
      __typename
      ... on Posture {
        since until
        trend(zone: $zone) { complete days { at raised open accepted closed withdrawn } }
        timeToTriage { findings { value approximate } known medianSeconds }
        evidence {
          proven { value approximate } signed { value approximate }
          asserted { value approximate } observed { value approximate }
        }
        rules {
          rule ruleName
          open { value approximate } closed { value approximate } detectorWrong { value approximate }
        }
        zones {
          zone { name criticality } complete
          open { value approximate } accepted { value approximate } closed { value approximate }
        }
        mostBlamed { kind id findings { value approximate } }
      }
      ... on UserError { message }
    }
  }
`)

export const POSTURE_ACTIONS = graphql(`
  query PostureActions($days: Int!, $first: Int!, $after: String, $grade: [Grade!]) {
    posture(days: $days) {
      __typename
      ... on Posture {
        actions(first: $first, after: $after, grade: $grade) {
          nodes { id at tool grade agent { id name } chain { id } }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`)

export type Posture = Extract<ResultOf<typeof POSTURE>['posture'], { __typename: 'Posture' }>
export type TrendDay = Posture['trend']['days'][number]
export type Evidence = Posture['evidence']
export type RulePosture = Posture['rules'][number]
export type Blamed = Posture['mostBlamed'][number]
export type ZonePosture = Posture['zones'][number]
export type PostureAction = Extract<
  ResultOf<typeof POSTURE_ACTIONS>['posture'],
  { __typename: 'Posture' }
>['actions']['nodes'][number]
