import { listOf, oneOf, type RawSearch } from '../../shared/search-text.ts'
import { RULES } from '../findings/inbox-search.ts'

/** What became of a delivery, and the states that this is. */
export const OUTCOMES = {
  owed: ['OWED', 'HELD'],
  delivered: ['DELIVERED'],
  counted: ['SUPPRESSED'],
  'given-up': ['DEAD'],
  'not-sent': ['MERGED', 'SUPERSEDED'],
} as const
export type Outcome = keyof typeof OUTCOMES
export const OUTCOME_NAMES = Object.keys(OUTCOMES) as Outcome[]

/** The state of the screen, as its URL has it. */
export interface AlertsSearch {
  readonly outcome?: Outcome
  readonly channel?: string[]
  readonly rule?: string[]
  readonly finding?: string[]
}

export function alertsSearch(search: RawSearch): AlertsSearch {
  const given: Record<string, string | string[] | undefined> = {
    outcome: oneOf(search, 'outcome', OUTCOME_NAMES),
    channel: listOf(search, 'channel'),
    rule: listOf(search, 'rule', RULES),
    finding: listOf(search, 'finding'),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value.length > 0),
  )
}

/** What is asked for; the URL has more than this screen's own state, as the instant that is looked at. */
export function filterOf(search: AlertsSearch) {
  const { outcome, ...exact } = alertsSearch({ ...search })
  return { ...exact, ...(outcome === undefined ? {} : { state: [...OUTCOMES[outcome]] }) }
}
