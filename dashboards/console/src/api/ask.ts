import type { CombinedError, TypedDocumentNode } from '@urql/core'
import { useCallback } from 'react'
import { type AnyVariables, useQuery } from 'urql'

/** What became of a question; a screen has words for each of them. */
export type Asked<Data> =
  | { readonly state: 'loading' }
  | { readonly state: 'forbidden'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string; readonly again: () => void }
  | { readonly state: 'answered'; readonly data: Data; readonly again: () => void }

/** Asks, and asks again when the variables change; shows the answer before while a newer one comes. */
export function useAsk<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  paused = false,
): Asked<Data> {
  const [{ data, error, fetching }, ask] = useQuery({ query: document, variables, pause: paused })
  const again = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask])
  if (data !== undefined) return { state: 'answered', data, again }
  if (fetching || error === undefined) return { state: 'loading' }
  return isForbidden(error)
    ? { state: 'forbidden', message: messageOf(error) }
    : { state: 'failed', message: messageOf(error), again }
}

/** Whether the answer is that this person may not see it. */
export function isForbidden(error: CombinedError): boolean {
  const { status } = (error.response ?? {}) as { readonly status?: number }
  const codes = error.graphQLErrors.map(({ extensions }) => extensions['code'])
  return (
    status === 401 ||
    status === 403 ||
    codes.some((code) => code === 'FORBIDDEN' || code === 'UNAUTHENTICATED')
  )
}

/** One sentence; the inside of an error stays in the collector's log. */
export function messageOf(error: CombinedError): string {
  const [first] = error.graphQLErrors
  if (first !== undefined) return first.message
  const { status } = (error.response ?? {}) as { readonly status?: number }
  return status === undefined
    ? 'The collector does not answer. Is it running?'
    : `The collector answered ${status}.`
}
