import { SIGN_IN_PROBLEMS, type SignInProblem } from '@delegraph/graph-schema'
import { oneOf, type RawSearch } from '../../shared/search-text.ts'

export interface SignInSearch {
  /** Absent where nothing went wrong. */
  readonly problem?: SignInProblem
  /** Path that is gone back to. */
  readonly to?: string
}

export function signInSearch(search: RawSearch): SignInSearch {
  const problem = oneOf(search, 'problem', SIGN_IN_PROBLEMS)
  const to = oneOf(search, 'to')
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(to === undefined ? {} : { to }),
  }
}
