import { listOf, oneOf, type RawSearch } from '../../shared/search-text.ts'
import { RULES } from '../findings/inbox-search.ts'

export interface LiveSearch {
  /** At least this severe. */
  readonly severity?: '2' | '3' | '4' | '5'
  /** Only what wakes somebody. */
  readonly pages?: 'true'
  /** Changes of these rules. */
  readonly rule?: string[]
  /** What comes waits. */
  readonly paused?: 'yes'
}

export function liveSearch(search: RawSearch): LiveSearch {
  const severity = oneOf(search, 'severity', ['2', '3', '4', '5'])
  const pages = oneOf(search, 'pages', ['true'])
  const paused = oneOf(search, 'paused', ['yes'])
  const rule = listOf(search, 'rule', RULES)
  return {
    ...(severity === undefined ? {} : { severity }),
    ...(pages === undefined ? {} : { pages }),
    ...(rule.length === 0 ? {} : { rule }),
    ...(paused === undefined ? {} : { paused }),
  }
}
