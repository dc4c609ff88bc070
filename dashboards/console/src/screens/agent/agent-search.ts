import { instantIn, oneOf, type RawSearch } from '../../shared/search-text.ts'

export const SHOWN = ['all', 'unused', 'inherited'] as const
export const GRADES = ['PROVEN', 'SIGNED', 'ASSERTED', 'OBSERVED'] as const

export interface AgentSearch {
  /** Which permissions are shown. */
  readonly show?: (typeof SHOWN)[number]
  /** ISO 8601: what changed since then. */
  readonly since?: string
  /** Of which tool calls are listed, by its whole name; of all where absent. */
  readonly tool?: string
  /** Of which grade calls are listed. */
  readonly grade?: (typeof GRADES)[number]
}

export function agentSearch(search: RawSearch): AgentSearch {
  const given: { [Name in keyof AgentSearch]: AgentSearch[Name] | undefined } = {
    show: oneOf(search, 'show', SHOWN),
    since: instantIn(search, 'since'),
    tool: oneOf(search, 'tool'),
    grade: oneOf(search, 'grade', GRADES),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as AgentSearch
}
