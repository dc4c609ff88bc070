import {
  type AnyVariables,
  Client,
  type CombinedError,
  cacheExchange,
  fetchExchange,
  mapExchange,
  type TypedDocumentNode,
} from '@urql/core'
import { noteStanding } from './standing.ts'
import { authorization } from './token.ts'

export const ENDPOINT = '/graphql'

const SAME_ORIGIN = {
  url: ENDPOINT,
  preferGetMethod: false,
  fetchOptions: () => ({ headers: authorization() }),
} as const

/** Between the cache and the network: every answer says whether who asks is known. */
const standingExchange = mapExchange({ onResult: noteStanding })

/** One client for the page. Same origin, so that no address and no secret is configured. */
export const client: Client = new Client({
  ...SAME_ORIGIN,
  exchanges: [cacheExchange, standingExchange, fetchExchange],
  requestPolicy: 'cache-and-network',
})

/**
 * What changes something goes past the cache: the cache would ask for what it shows anew also where nothing
 * was changed, and whoever reads would then act on what he has not seen.
 */
const changes = new Client({ ...SAME_ORIGIN, exchanges: [standingExchange, fetchExchange] })

/** Milliseconds before what was not answered is sent again. */
const AGAIN_AFTER = 500

/**
 * Sends a mutation with a key of its own. Where no answer comes it is sent once more: by its key it is applied once,
 * also where only the answer was lost.
 */
export async function send<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variablesOf: (idempotencyKey: string) => Variables,
): Promise<{ readonly data?: Data | undefined; readonly error?: CombinedError | undefined }> {
  const variables = variablesOf(newKey())
  const once = () => changes.mutation(document, variables).toPromise()
  const result = await once()
  if (result.error?.networkError === undefined || result.error.response !== undefined) return result
  await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER))
  return once()
}

/** Sends what is to be done once: a second one would be another one, so that without an answer it is not sent again. */
export function sendOnce<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<{ readonly data?: Data | undefined; readonly error?: CombinedError | undefined }> {
  return changes.mutation(document, variables).toPromise()
}

/** 128 random bits; where the page has no TLS a browser makes no UUID. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
