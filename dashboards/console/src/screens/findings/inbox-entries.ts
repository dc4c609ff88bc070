import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import type { AsOf } from '../../app/as-of.ts'
import {
  FINDING_GROUPS,
  FINDING_PAGE,
  type FindingOrder,
  type FindingRow,
  type FindingWhere,
} from './documents.ts'
import type { Grouping } from './inbox-search.ts'

/** What stands in the list by itself: a finding, or several that belong together. */
export interface Entry {
  /** The series or the incident; of a finding alone its id. */
  readonly key: string
  /** What it is called by. */
  readonly lead: FindingRow
  /** Findings that it stands for. */
  readonly findings: number
  /** How often the like of it was found; of a series, under the filter. */
  readonly occurrences: number
  /** When the first of it happened, and the last. */
  readonly firstAt: string
  readonly lastAt: string
}

/** What is listed, and how. */
export interface EntryQuery {
  readonly group: Grouping
  readonly where: FindingWhere
  readonly orderBy: FindingOrder
  readonly asOf?: AsOf | undefined
}

export interface EntryPage {
  readonly entries: readonly Entry[]
  readonly cursor: string | null
  readonly hasMore: boolean
  /** Findings in all; undefined where it was not asked. */
  readonly total: { readonly value: number; readonly approximate: boolean } | undefined
}

export type Loaded<Page> =
  | { readonly state: 'ready'; readonly page: Page }
  | { readonly state: 'failed' | 'forbidden'; readonly message: string }

/** Rows that one page has. */
export const PAGE = 200
/** Groups cost more than findings: each is looked for among all that it stands for. */
const GROUP_PAGE = 100

/** One page of the list behind a cursor. */
export async function loadEntries(
  query: EntryQuery,
  after: string | null,
): Promise<Loaded<EntryPage>> {
  return query.group === 'none' ? loadFindings(query, after, PAGE) : loadGroups(query, after)
}

async function loadFindings(
  { where, orderBy, asOf }: EntryQuery,
  after: string | null,
  first: number,
): Promise<Loaded<EntryPage>> {
  const variables = { first, after, where, orderBy, asOf: asOf ?? null }
  const { data, error } = await client
    .query(FINDING_PAGE, variables, { requestPolicy: 'network-only' })
    .toPromise()
  if (data === undefined) return refused(error)
  const { findings } = data
  if (findings.__typename !== 'FindingConnection') return failed(findings.message)
  const { nodes, pageInfo, totalCount } = findings
  return {
    state: 'ready',
    page: {
      entries: nodes.map(({ occurrences, ...lead }) => ({
        ...{ key: lead.id, lead, findings: 1, occurrences: occurrences.value },
        ...{ firstAt: lead.happenedAt, lastAt: lead.happenedAt },
      })),
      cursor: pageInfo.endCursor,
      hasMore: pageInfo.hasNextPage,
      total: totalCount,
    },
  }
}

async function loadGroups(
  { group, where, orderBy, asOf }: EntryQuery,
  after: string | null,
): Promise<Loaded<EntryPage>> {
  const by = group === 'incident' ? ('INCIDENT' as const) : ('SERIES' as const)
  const variables = {
    ...{ by, first: GROUP_PAGE, after, where, orderBy, asOf: asOf ?? null },
    counted: after === null,
  }
  const { data, error } = await client
    .query(FINDING_GROUPS, variables, { requestPolicy: 'network-only' })
    .toPromise()
  if (data === undefined) return refused(error)
  const { findingGroups, all } = data
  if (findingGroups.__typename !== 'FindingGroupConnection') return failed(findingGroups.message)
  const { nodes, pageInfo } = findingGroups
  return {
    state: 'ready',
    page: {
      entries: nodes.map(({ key, findings, incidents, firstAt, lastAt, lead: led }) => {
        const { occurrences, ...lead } = led
        return {
          ...{ key, lead, findings },
          occurrences: by === 'SERIES' ? incidents : occurrences.value,
          firstAt: firstAt ?? lead.happenedAt,
          lastAt: lastAt ?? lead.happenedAt,
        }
      }),
      cursor: pageInfo.endCursor,
      hasMore: pageInfo.hasNextPage,
      total: all?.__typename === 'FindingConnection' ? all.totalCount : undefined,
    },
  }
}

/** What an entry stands for, in the order of the list, and at most as many as one mutation takes. */
export async function loadMembers(
  query: EntryQuery,
  { key, lead }: Entry,
): Promise<Loaded<readonly FindingRow[]>> {
  if (query.group === 'none') return { state: 'ready', page: [lead] }
  const where = { ...query.where, ...membersIn(query.group, key) }
  const loaded = await loadFindings({ ...query, where }, null, PAGE)
  return loaded.state === 'ready'
    ? { state: 'ready', page: loaded.page.entries.map((entry) => entry.lead) }
    : loaded
}

/** The filter that gives what is of one group. */
export function membersIn(
  group: Exclude<Grouping, 'none'>,
  key: string,
): { readonly incident: string[] } | { readonly series: string[] } {
  return group === 'incident' ? { incident: [key] } : { series: [key] }
}

function refused(error: Parameters<typeof messageOf>[0] | undefined): Loaded<never> {
  if (error === undefined) return failed('There was no answer.')
  return { state: isForbidden(error) ? 'forbidden' : 'failed', message: messageOf(error) }
}

function failed(message: string): Loaded<never> {
  return { state: 'failed', message }
}
