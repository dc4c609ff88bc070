import { useEffect, useState } from 'react'
import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import { useAsOf } from '../as-of.ts'
import { type Match, SEARCH } from './documents.ts'

/** What the API makes of a text. */
export type Found =
  | { readonly state: 'none' | 'loading' }
  | { readonly state: 'forbidden' | 'failed'; readonly message: string }
  | { readonly state: 'found'; readonly matches: readonly Match[]; readonly complete: boolean }

/** A shorter text is not asked for. */
const SHORTEST = 2
const LONGEST = 1_024
/** Milliseconds in which somebody may go on typing. */
const PAUSE = 150

const NONE: Found = { state: 'none' }
const LOADING: Found = { state: 'loading' }

/** Asks what a text may mean. What was found for another text is never shown for this one. */
export function useMatches(text: string): Found {
  const asOf = useAsOf()
  const [last, setLast] = useState<{ readonly text: string; readonly found: Found }>()
  const isAsked = text.length >= SHORTEST && text.length <= LONGEST
  useEffect(() => {
    if (!isAsked) return
    let isLate = false
    const timer = setTimeout(() => {
      void ask(text, asOf).then((found) => isLate || setLast({ text, found }))
    }, PAUSE)
    return () => {
      isLate = true
      clearTimeout(timer)
    }
  }, [text, isAsked, asOf])
  if (!isAsked) return NONE
  return last?.text === text ? last.found : LOADING
}

async function ask(text: string, asOf: ReturnType<typeof useAsOf>): Promise<Found> {
  const variables = { text, ...(asOf === undefined ? {} : { asOf }) }
  const { data, error } = await client
    .query(SEARCH, variables, { requestPolicy: 'network-only' })
    .toPromise()
  if (error !== undefined)
    return { state: isForbidden(error) ? 'forbidden' : 'failed', message: messageOf(error) }
  if (data === undefined) return { state: 'failed', message: 'There was no answer.' }
  const { search } = data
  return search.__typename === 'Matches'
    ? { state: 'found', ...search }
    : { state: 'failed', message: search.message }
}
