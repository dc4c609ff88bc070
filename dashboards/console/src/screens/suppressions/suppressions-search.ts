import { listOf, oneOf, type RawSearch } from '../../shared/search-text.ts'
import { RULES } from '../findings/inbox-search.ts'
import type { Matcher } from './documents.ts'

export const SHOWN = ['active', 'ended', 'all'] as const
export const AT_MOST = ['1', '2', '3', '4', '5'] as const
/** Parts of a matcher that are lists of texts, each with its words. */
export const TEXTS = {
  agent: 'Agents that gained',
  from: 'Whose authority it was',
  tool: 'Tools',
  fingerprint: 'Fingerprints',
} as const
export type TextPart = keyof typeof TEXTS

/** The state of the screen, as its URL has it; a matcher there is one that is being written. */
export interface SuppressionsSearch {
  readonly show?: (typeof SHOWN)[number]
  /** The form is open. */
  readonly write?: 'yes'
  readonly rule?: string[]
  readonly agent?: string[]
  readonly from?: string[]
  readonly tool?: string[]
  readonly fingerprint?: string[]
  readonly most?: (typeof AT_MOST)[number]
}

export function suppressionsSearch(search: RawSearch): SuppressionsSearch {
  const given: Record<string, string | string[] | undefined> = {
    show: oneOf(search, 'show', SHOWN),
    write: oneOf(search, 'write', ['yes']),
    rule: listOf(search, 'rule', RULES),
    agent: listOf(search, 'agent'),
    from: listOf(search, 'from'),
    tool: listOf(search, 'tool'),
    fingerprint: listOf(search, 'fingerprint'),
    most: oneOf(search, 'most', AT_MOST),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value.length > 0),
  )
}

/** As the API takes it; undefined where it would match everything. */
export function matcherOf(search: SuppressionsSearch): Matcher | undefined {
  const { rule, agent, from, tool, fingerprint, most } = search
  const matcher: Matcher = {
    ...(rule === undefined ? {} : { rule }),
    ...(agent === undefined ? {} : { agent }),
    ...(from === undefined ? {} : { from }),
    ...(tool === undefined ? {} : { tool }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(most === undefined ? {} : { severityAtMost: Number(most) }),
  }
  return Object.keys(matcher).length === 0 ? undefined : matcher
}

/** What is like a finding: the same rule about the same agents and the same tool, and no graver. */
export function likeOf(finding: {
  readonly rule: string
  readonly severity: number
  readonly tool: string | null
  readonly agent: { readonly id: string }
  readonly from: { readonly id: string } | null
}): SuppressionsSearch {
  const { rule, severity, tool, agent, from } = finding
  return suppressionsSearch({
    write: 'yes',
    ...{ rule, agent: agent.id, from: from?.id, tool: tool ?? undefined },
    most: String(severity),
  })
}
