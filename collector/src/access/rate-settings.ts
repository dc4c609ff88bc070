import { z } from 'zod'

/** How much each caller may have of the API in a minute. What is not used is kept for one minute and no longer. */
export const rateSettings = z
  .strictObject({
    requests: z.int().min(1).max(10_000_000).default(3_000).meta({
      description:
        'GraphQL requests a minute of each name; a subscription is one when it is opened',
      env: 'DELEGRAPH_API_RATE_REQUESTS',
      flag: '--api-rate-requests',
    }),
    cost: z.int().min(20_000).max(10_000_000_000).default(3_000_000).meta({
      description:
        'Objects a minute that the queries of each name may read, as estimated before they run; one query is at most 20,000',
      env: 'DELEGRAPH_API_RATE_COST',
      flag: '--api-rate-cost',
    }),
    strangers: z.int().min(1).max(10_000_000).default(300).meta({
      description:
        'Credentials that nobody knows, a minute of each remote address, at GraphQL, OTLP and `/metrics`; an IPv6 address counts by its /64',
      env: 'DELEGRAPH_API_RATE_STRANGERS',
      flag: '--api-rate-strangers',
    }),
  })
  .prefault({})

export type RateSettings = z.infer<typeof rateSettings>
