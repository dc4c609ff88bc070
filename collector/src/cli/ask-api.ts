import { CollectorError } from '../errors.ts'

/** Where a running collector is asked, and as whom. */
export interface ApiTarget {
  readonly url: string
  /** Bearer token; from the environment, never from a flag. */
  readonly token?: string
}

const TIMEOUT = 30_000

/**
 * Asks the API of a running collector.
 *
 * @throws CollectorError `unreachable`; `api_refused` with what it says
 */
export async function askApi<T>(
  { url, token }: ApiTarget,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> {
  const response = await post(url, token, JSON.stringify({ query, variables }))
  const answer = (await response.json().catch(() => ({}))) as {
    readonly data?: T | null
    readonly errors?: readonly { readonly message?: string }[]
  }
  const [error] = answer.errors ?? []
  if (error !== undefined || answer.data === undefined || answer.data === null) {
    const said = error?.message ?? `it answered ${response.status}`
    throw new CollectorError('api_refused', said)
  }
  return answer.data
}

async function post(url: string, token: string | undefined, body: string): Promise<Response> {
  const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` }
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    })
  } catch (cause) {
    const message = `no collector answers at ${url}: start it, or give --url`
    throw new CollectorError('unreachable', message, { cause })
  }
}
