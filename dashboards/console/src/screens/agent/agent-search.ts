import { oneOf, type RawSearch } from '../../shared/search-text.ts'

export const SHOWN = ['all', 'unused', 'inherited'] as const

export interface AgentSearch {
  /** Which permissions are shown. */
  readonly show?: (typeof SHOWN)[number]
}

export function agentSearch(search: RawSearch): AgentSearch {
  const show = oneOf(search, 'show', SHOWN)
  return show === undefined ? {} : { show }
}
