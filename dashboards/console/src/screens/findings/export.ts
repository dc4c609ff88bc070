import { findingOf, type InboxRow } from './inbox-rows.ts'

/** What of a row goes into a file: every column of the list, and what names things. */
export const EXPORTED = [
  ...['id', 'rule', 'ruleName', 'class', 'title', 'severity', 'state', 'certainty', 'grade'],
  ...['agent', 'from', 'principal', 'owner', 'tool', 'resource', 'hops'],
  ...[
    'firstSeen',
    'lastSeen',
    'count',
    'findings',
    'status',
    'statusId',
    'assignee',
    'reason',
    'hidden',
  ],
  ...['incident', 'series', 'fingerprint', 'happenedAt', 'raisedAt'],
] as const

/** The rows as the list has them: a group by what it is called by. */
export function exportedRows(
  rows: readonly InboxRow[],
): readonly Readonly<Record<string, unknown>>[] {
  return rows.map((row) => {
    const { agent, from, principal, owner, hopCount, triage, ...rest } = findingOf(row)
    const { entry } = row
    return {
      ...rest,
      agent: agent.id,
      from: from?.id,
      principal: principal?.id,
      owner: owner?.id,
      hops: hopCount ?? 'unknown',
      firstSeen: entry?.firstAt ?? rest.happenedAt,
      lastSeen: entry?.lastAt ?? rest.happenedAt,
      count: entry?.occurrences,
      findings: entry?.findings ?? 1,
      status: triage.state,
      assignee: triage.assignee,
      reason: triage.reason,
      hidden: triage.suppressedBy !== null,
    }
  })
}
