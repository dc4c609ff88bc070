import { graphql, type ResultOf } from '../../api/graphql.ts'

export const ALERT_CHANNELS = graphql(`
  query AlertChannels {
    alertLog {
      __typename
      ... on AlertLog {
        channels { name kind owed held dead lastDelivery lastErrorAt lastError }
      }
      ... on UserError { message }
    }
  }
`)

export const ALERT_DELIVERIES = graphql(`
  query AlertDeliveries($first: Int!, $after: String, $filter: DeliveryFilter) {
    alertLog {
      __typename
      ... on AlertLog {
        deliveries(first: $first, after: $after, filter: $filter) {
          __typename
          ... on AlertDeliveryConnection {
            nodes {
              id channel change state attempts rule severity learnedAt settledAt nextAttemptAt error failedAt
              finding { id title }
            }
            pageInfo { hasNextPage endCursor }
            totalCount { value approximate }
          }
          ... on UserError { message }
        }
      }
      ... on UserError { message }
    }
  }
`)

export const TEST_CHANNEL = graphql(`
  mutation TestAlertChannel($input: TestAlertChannelInput!) {
    testAlertChannel(input: $input) {
      __typename
      ... on AlertTest { channel delivered says }
      ... on UserError { message }
    }
  }
`)

type Log = Extract<ResultOf<typeof ALERT_CHANNELS>['alertLog'], { __typename: 'AlertLog' }>
export type ChannelRow = Log['channels'][number]

type Deliveries = Extract<
  ResultOf<typeof ALERT_DELIVERIES>['alertLog'],
  { __typename: 'AlertLog' }
>['deliveries']
export type DeliveryRow = Extract<
  Deliveries,
  { __typename: 'AlertDeliveryConnection' }
>['nodes'][number]

/** A page, or why there is none. */
export function deliveriesIn({ alertLog }: ResultOf<typeof ALERT_DELIVERIES>) {
  return alertLog.__typename === 'AlertLog' ? alertLog.deliveries : alertLog
}
