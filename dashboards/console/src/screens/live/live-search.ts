import { oneOf, type RawSearch } from '../../shared/search-text.ts'

export interface LiveSearch {
  /** At least this severe. */
  readonly severity?: '2' | '3' | '4' | '5'
  /** Only what wakes somebody. */
  readonly pages?: 'true'
}

export function liveSearch(search: RawSearch): LiveSearch {
  const severity = oneOf(search, 'severity', ['2', '3', '4', '5'])
  const pages = oneOf(search, 'pages', ['true'])
  return {
    ...(severity === undefined ? {} : { severity }),
    ...(pages === undefined ? {} : { pages }),
  }
}
