import { DETECTORS, type DetectorId } from '@delegraph/graph-schema'
import { GRADE_NAMES, GRADES, type Grade, type GradeName } from '../../shared/grades.ts'
import { listOf, oneOf, type RawSearch } from '../../shared/search-text.ts'
import type { FindingOrder, FindingWhere } from './documents.ts'
import { instantIn, sayInstant } from './instants.ts'

/** `open`: the evidence holds and nobody has put it aside; `mine`: those of them that are the reader's. */
export const TABS = ['open', 'mine', 'accepted', 'closed', 'withdrawn', 'all'] as const
/** A list of findings. */
export type Tab = (typeof TABS)[number]
/** Days that the posture looks back on; 30 where none is said. */
export const SPANS = ['7', '30', '90'] as const
export const GROUPS = ['repetition', 'incident', 'none'] as const
/** By what rows are one: the same thing again, one action or link, or nothing. */
export type Grouping = (typeof GROUPS)[number]
export const ORDERS = ['raised', 'happened', 'severity'] as const
export const RULES: readonly DetectorId[] = Object.keys(DETECTORS) as DetectorId[]
const CLASSES = ['INHERITANCE', 'VALIDITY', 'EXPOSURE', 'PROBABILISTIC'] as const
const SEVERITIES = ['2', '3', '4', '5'] as const
const REASONS = [
  ...['FIXED', 'INTENDED_DELEGATION', 'APPROVED_EXCEPTION', 'TEST_TRAFFIC', 'DUPLICATE'],
  'DETECTOR_WRONG',
] as const
const STANDINGS = ['NEW', 'ACKNOWLEDGED', 'IN_PROGRESS', 'CLOSED', 'ACCEPTED'] as const

/** The whole state of the inbox, as its URL has it; what is absent is the default. */
export interface InboxSearch {
  readonly tab?: Tab | 'posture'
  /** Of the posture: how far back, and how it is shown. */
  readonly days?: (typeof SPANS)[number]
  readonly trend?: 'table'
  /** Of the posture: the actions of which grade are listed; none where absent. */
  readonly actions?: GradeName
  /** Only what is worth waking somebody. */
  readonly wakes?: 'yes'
  /** With what suppressions hide, among the open ones and the reader's. */
  readonly hidden?: 'show'
  readonly rule?: string[]
  readonly severity?: (typeof SEVERITIES)[number]
  readonly class?: (typeof CLASSES)[number][]
  readonly grade?: Grade[]
  readonly agent?: string[]
  readonly from?: string[]
  readonly tool?: string[]
  readonly resource?: string[]
  /** Names of zones of the configuration. */
  readonly zone?: string[]
  readonly incident?: string[]
  readonly fingerprint?: string[]
  readonly series?: string[]
  /** Where people stand with it, within what the tab shows. */
  readonly triage?: (typeof STANDINGS)[number][]
  /** Why it is closed or accepted. */
  readonly reason?: (typeof REASONS)[number][]
  /** What is to blame. */
  readonly culprit?: string[]
  /** An instant, or how long ago: `24h`, `7d`. */
  readonly after?: string
  readonly before?: string
  readonly order?: (typeof ORDERS)[number]
  readonly direction?: 'asc'
  readonly group?: Grouping
  /** Groups that are unfolded. */
  readonly unfold?: string[]
  /** The finding that the panel shows. */
  readonly finding?: string
  /** Of the panel: the page of the rule, unfolded. */
  readonly runbook?: 'open'
}

/** Takes from a URL what the inbox knows; the rest of it is dropped. */
export function inboxSearch(search: RawSearch): InboxSearch {
  const given: { [Name in keyof InboxSearch]: InboxSearch[Name] | undefined } = {
    tab: oneOf(search, 'tab', [...TABS, 'posture'] as const),
    days: oneOf(search, 'days', SPANS),
    trend: oneOf(search, 'trend', ['table'] as const),
    actions: oneOf(search, 'actions', GRADE_NAMES),
    wakes: oneOf(search, 'wakes', ['yes']),
    hidden: oneOf(search, 'hidden', ['show']),
    rule: some(listOf(search, 'rule', RULES)),
    severity: oneOf(search, 'severity', SEVERITIES),
    class: some(listOf(search, 'class', CLASSES)),
    grade: some(listOf(search, 'grade', GRADES)),
    agent: some(listOf(search, 'agent')),
    from: some(listOf(search, 'from')),
    tool: some(listOf(search, 'tool')),
    resource: some(listOf(search, 'resource')),
    zone: some(listOf(search, 'zone')),
    incident: some(listOf(search, 'incident')),
    fingerprint: some(listOf(search, 'fingerprint')),
    series: some(listOf(search, 'series')),
    triage: some(listOf(search, 'triage', STANDINGS)),
    reason: some(listOf(search, 'reason', REASONS)),
    culprit: some(listOf(search, 'culprit')),
    after: instantOf(search, 'after'),
    before: instantOf(search, 'before'),
    order: oneOf(search, 'order', ORDERS),
    direction: oneOf(search, 'direction', ['asc']),
    group: oneOf(search, 'group', GROUPS),
    unfold: some(listOf(search, 'unfold')),
    finding: oneOf(search, 'finding'),
    runbook: oneOf(search, 'runbook', ['open'] as const),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as InboxSearch
}

function some<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list
}

function instantOf(search: RawSearch, name: string): string | undefined {
  const text = oneOf(search, name)
  return text !== undefined && instantIn(text, 0) !== undefined ? text : undefined
}

/** Whose the reader's findings are, and the instant (epoch milliseconds) that `24h` is before. */
export interface Reader {
  readonly name: string
  readonly now: number
}

/** What of it the API is asked for. */
export function whereOf(search: InboxSearch, reader: Reader): FindingWhere {
  const { tab = 'open', rule, severity, grade, agent, from, tool, incident, fingerprint } = search
  const within = tabOf(tab === 'posture' ? 'open' : tab, reader.name, search.hidden === 'show')
  return {
    ...within,
    ...(search.triage === undefined ? {} : { triage: both(within.triage, search.triage) }),
    ...(search.reason === undefined ? {} : { reason: search.reason }),
    ...(search.culprit === undefined ? {} : { culprit: search.culprit }),
    ...(search.wakes === undefined ? {} : { pages: true }),
    ...(rule === undefined ? {} : { rule }),
    ...(severity === undefined ? {} : { severityAtLeast: Number(severity) }),
    ...(search.class === undefined ? {} : { class: search.class }),
    ...(grade === undefined ? {} : { grade }),
    ...(agent === undefined ? {} : { agent }),
    ...(from === undefined ? {} : { from }),
    ...(tool === undefined ? {} : { tool }),
    ...(incident === undefined ? {} : { incident }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(search.series === undefined ? {} : { series: search.series }),
    ...(search.resource === undefined ? {} : { resource: search.resource }),
    ...(search.zone === undefined ? {} : { zone: search.zone }),
    ...(search.after === undefined ? {} : { raisedAfter: isoOf(search.after, reader.now) }),
    ...(search.before === undefined ? {} : { raisedBefore: isoOf(search.before, reader.now) }),
  }
}

function isoOf(text: string, now: number): string {
  return new Date(instantIn(text, now) ?? now).toISOString()
}

/** What is in both lists; an absent one is everything. */
function both<T>(one: readonly T[] | null | undefined, other: readonly T[]): T[] {
  return other.filter((value) => one?.includes(value) ?? true)
}

function tabOf(tab: Tab, ownName: string, withHidden: boolean): FindingWhere {
  const open: FindingWhere = {
    state: ['OPEN'],
    triage: ['NEW', 'ACKNOWLEDGED', 'IN_PROGRESS'],
    ...(withHidden ? {} : { suppressed: false }),
  }
  switch (tab) {
    case 'open':
      return open
    case 'mine':
      return { ...open, assignee: [ownName] }
    case 'accepted':
      return { state: ['OPEN'], triage: ['ACCEPTED'] }
    case 'closed':
      return { triage: ['CLOSED'] }
    case 'withdrawn':
      return { state: ['WITHDRAWN'] }
    case 'all':
      return {}
  }
}

/** How many each tab has under the same filters, and how many of the open ones are hidden. */
export function countsOf(search: InboxSearch, reader: Reader) {
  const { hidden: _, ...rest } = search
  const under = (tab: Tab): FindingWhere => whereOf({ ...rest, tab }, reader)
  return {
    open: under('open'),
    mine: under('mine'),
    accepted: under('accepted'),
    closed: under('closed'),
    withdrawn: under('withdrawn'),
    all: under('all'),
    hidden: { ...under('open'), suppressed: true },
  } satisfies Record<string, FindingWhere>
}

export function orderOf({ order = 'raised', direction }: InboxSearch): FindingOrder {
  const field = { raised: 'RAISED_AT', happened: 'HAPPENED_AT', severity: 'SEVERITY' } as const
  return { field: field[order], direction: direction === 'asc' ? 'ASC' : 'DESC' }
}

/** Filters that are set beside the tab, as words to take away one by one. */
export function filtersOf(
  search: InboxSearch,
): { readonly name: keyof InboxSearch; readonly value: string; readonly text: string }[] {
  const words: Partial<Record<keyof InboxSearch, string>> = {
    rule: 'rule',
    class: 'class',
    grade: 'grade',
    agent: 'agent',
    from: 'from',
    tool: 'tool',
    resource: 'resource',
    zone: 'zone',
    incident: 'incident',
    fingerprint: 'fingerprint',
    series: 'repetition',
    triage: 'triage',
    reason: 'reason',
    culprit: 'blames',
    severity: 'severity at least',
    after: 'learned',
    before: 'learned before',
  }
  return (Object.keys(words) as (keyof InboxSearch)[]).flatMap((name) => {
    const value = search[name]
    const values = value === undefined ? [] : Array.isArray(value) ? value : [value as string]
    return values.map((one) => ({ name, value: one, text: `${words[name]}: ${sayOf(name, one)}` }))
  })
}

function sayOf(name: keyof InboxSearch, value: string): string {
  if (name === 'after') return sayInstant(value)
  return name === 'triage' || name === 'reason' ? value.toLowerCase().replaceAll('_', ' ') : value
}

/** The same without one of its filters. */
export function without(search: InboxSearch, name: keyof InboxSearch, value: string): InboxSearch {
  const before = search[name]
  const { [name]: _, ...rest } = search
  const left = Array.isArray(before) ? before.filter((one) => one !== value) : []
  return inboxSearch(left.length === 0 ? rest : { ...rest, [name]: left })
}
