import { oneOf, type RawSearch } from '../../shared/search-text.ts'

/** Why somebody was not signed in, as the collector says it. */
export const PROBLEMS = [
  'expired',
  'denied',
  'refused',
  'unreachable',
  'not_believed',
  'unknown',
  'busy',
] as const
export type Problem = (typeof PROBLEMS)[number]

export interface SignInSearch {
  /** Absent where nothing went wrong. */
  readonly problem?: Problem
  /** Path that is gone back to. */
  readonly to?: string
}

export function signInSearch(search: RawSearch): SignInSearch {
  const problem = oneOf(search, 'problem', PROBLEMS)
  const to = oneOf(search, 'to')
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(to === undefined ? {} : { to }),
  }
}
