import { rootRouteId, useMatch, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { instantIn, type RawSearch } from '../shared/search-text.ts'

/** What each screen has in its URL: the instant whose knowledge is shown; now where it is absent. */
export interface AsOfSearch {
  /** ISO 8601, in UTC. */
  readonly asOf?: string | undefined
}

/** Takes an instant of any notation that a browser reads. */
export function asOfSearch(search: RawSearch): AsOfSearch {
  const asOf = instantIn(search, 'asOf')
  return asOf === undefined ? {} : { asOf }
}

/** As the API takes it. What had been received by then, and not what was in force: every field can say that. */
export interface AsOf {
  readonly knownAt: string
}

/** The instant that is looked at, for the variables of each question; undefined is now. */
export function useAsOf(): AsOf | undefined {
  const { asOf } = useSearch({ from: rootRouteId })
  return useMemo(() => (asOf === undefined ? undefined : { knownAt: asOf }), [asOf])
}

/** The instant that this one is compared with, on a screen that compares. */
export function useAgainst(): AsOf | undefined {
  const chain = useMatch({ from: '/chains/$chainId', shouldThrow: false })
  const against = chain?.search.against
  return useMemo(() => (against === undefined ? undefined : { knownAt: against }), [against])
}
