import { GRADE_NAMES, GRADES, type Grade } from '../../shared/grades.ts'
import { instantIn, oneOf, type RawSearch } from '../../shared/search-text.ts'

export const SHOWN = ['all', 'unused', 'inherited'] as const
/** Numbers of the evidence that open what they count. */
export const SHOWN_HOPS = [...GRADE_NAMES, 'dark', 'all'] as const

export interface AgentSearch {
  /** Which permissions are shown. */
  readonly show?: (typeof SHOWN)[number]
  /** ISO 8601: what changed since then. */
  readonly since?: string
  /** Of which tool calls are listed, by its whole name; of all where absent. */
  readonly tool?: string
  /** Of which grade calls are listed. */
  readonly grade?: Grade
  /** Which hops are listed beside the numbers of the evidence; none where absent. */
  readonly hops?: ShownHops
}

export type ShownHops = (typeof SHOWN_HOPS)[number]

export function agentSearch(search: RawSearch): AgentSearch {
  const given: { [Name in keyof AgentSearch]: AgentSearch[Name] | undefined } = {
    show: oneOf(search, 'show', SHOWN),
    since: instantIn(search, 'since'),
    tool: oneOf(search, 'tool'),
    grade: oneOf(search, 'grade', GRADES),
    hops: oneOf(search, 'hops', SHOWN_HOPS),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as AgentSearch
}
