import {
  type AnyVariables,
  Client,
  type CombinedError,
  cacheExchange,
  fetchExchange,
  type TypedDocumentNode,
} from '@urql/core'
import { authorization } from './token.ts'

export const ENDPOINT = '/graphql'

const SAME_ORIGIN = {
  url: ENDPOINT,
  preferGetMethod: false,
  fetchOptions: () => ({ headers: authorization() }),
} as const

/** One client for the page. Same origin, so that no address and no secret is configured. */
export const client: Client = new Client({
  ...SAME_ORIGIN,
  exchanges: [cacheExchange, fetchExchange],
  requestPolicy: 'cache-and-network',
})

/**
 * What changes something goes past the cache: the cache would ask for what it shows anew also where nothing
 * was changed, and whoever reads would then act on what he has not seen.
 */
const changes = new Client({ ...SAME_ORIGIN, exchanges: [fetchExchange] })

/** Sends a mutation, once. */
export async function send<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<{ readonly data?: Data | undefined; readonly error?: CombinedError | undefined }> {
  return changes.mutation(document, variables).toPromise()
}
