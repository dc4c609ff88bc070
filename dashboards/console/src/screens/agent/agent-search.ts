import { instantIn, oneOf, type RawSearch } from '../../shared/search-text.ts'

export const SHOWN = ['all', 'unused', 'inherited'] as const

export interface AgentSearch {
  /** Which permissions are shown. */
  readonly show?: (typeof SHOWN)[number]
  /** ISO 8601: what changed since then. */
  readonly since?: string
}

export function agentSearch(search: RawSearch): AgentSearch {
  const show = oneOf(search, 'show', SHOWN)
  const since = instantIn(search, 'since')
  return {
    ...(show === undefined ? {} : { show }),
    ...(since === undefined ? {} : { since }),
  }
}
