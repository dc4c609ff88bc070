import type { CombinedError, TypedDocumentNode } from '@urql/core'
import { useCallback, useRef } from 'react'
import { type AnyVariables, useQuery } from 'urql'
import { statusOf } from './status-of.ts'

/** What became of a question; a screen has words for each of them. */
export type Asked<Data> =
  | { readonly state: 'loading' }
  | { readonly state: 'forbidden'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string; readonly again: () => void }
  | { readonly state: 'answered'; readonly data: Data; readonly again: () => void }

/**
 * Asks, and asks again when the variables change; shows the answer before while a newer one comes, and also where the
 * newer one is that nobody is known any more: the page says above it that it is from before.
 */
export function useAsk<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  paused = false,
): Asked<Data> {
  const [{ data, error, fetching }, ask] = useQuery({ query: document, variables, pause: paused })
  const again = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask])
  const asked = JSON.stringify(variables)
  const before = useRef<{ readonly asked: string; readonly data: Data }>(undefined)
  if (data !== undefined) {
    // While it is fetched the answer may be that to other variables.
    if (!fetching) before.current = { asked, data }
    return { state: 'answered', data, again }
  }
  if (error !== undefined && statusOf(error) === 401 && before.current?.asked === asked) {
    return { state: 'answered', data: before.current.data, again }
  }
  if (fetching || error === undefined) return { state: 'loading' }
  return isForbidden(error)
    ? { state: 'forbidden', message: messageOf(error) }
    : { state: 'failed', message: messageOf(error), again }
}

/** Whether the answer is that this person may not see it. */
export function isForbidden(error: CombinedError): boolean {
  const status = statusOf(error)
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
  const status = statusOf(error)
  return status === undefined
    ? 'The collector does not answer. Is it running?'
    : `The collector answered ${status}.`
}
