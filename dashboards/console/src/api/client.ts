import { Client, cacheExchange, fetchExchange } from '@urql/core'

export const ENDPOINT = '/graphql'

/** One client for the page. Same origin, so that no address and no secret is configured. */
export const client: Client = new Client({
  url: ENDPOINT,
  preferGetMethod: false,
  exchanges: [cacheExchange, fetchExchange],
  requestPolicy: 'cache-and-network',
})
