import { Client, cacheExchange, fetchExchange } from '@urql/core'
import { authorization } from './token.ts'

export const ENDPOINT = '/graphql'

/** One client for the page. Same origin, so that no address and no secret is configured. */
export const client: Client = new Client({
  url: ENDPOINT,
  preferGetMethod: false,
  fetchOptions: () => ({ headers: authorization() }),
  exchanges: [cacheExchange, fetchExchange],
  requestPolicy: 'cache-and-network',
})
