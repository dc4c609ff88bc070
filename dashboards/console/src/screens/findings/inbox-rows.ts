import type { FindingRow } from './documents.ts'
import type { InboxSearch } from './inbox-search.ts'

/** One row of the list: a finding, or the head of several. */
export type InboxRow =
  | { readonly kind: 'finding'; readonly finding: FindingRow; readonly isInner: boolean }
  | {
      readonly kind: 'group'
      readonly key: string
      /** The most severe of them; it speaks for all. */
      readonly lead: FindingRow
      readonly findings: readonly FindingRow[]
      readonly isOpen: boolean
    }

/**
 * Findings that belong together as one row, at the place of the first of them. An incident is all that
 * fired on one action or link; a repetition is the same thing again. A group of one is a plain row.
 */
export function rowsOf(
  findings: readonly FindingRow[],
  by: NonNullable<InboxSearch['group']>,
  unfolded: ReadonlySet<string>,
): InboxRow[] {
  if (by === 'none') return findings.map((finding) => single(finding, false))
  const groups = new Map<string, FindingRow[]>()
  for (const finding of findings) {
    const key = by === 'incident' ? finding.incident : finding.fingerprint
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  const rows: InboxRow[] = []
  for (const [key, group] of groups) {
    const lead = group.reduce((a, b) => (weight(b) > weight(a) ? b : a))
    if (group.length === 1) {
      rows.push(single(lead, false))
      continue
    }
    const isOpen = unfolded.has(key)
    rows.push({ kind: 'group', key, lead, findings: group, isOpen })
    if (isOpen) rows.push(...group.map((finding) => single(finding, true)))
  }
  return rows
}

function single(finding: FindingRow, isInner: boolean): InboxRow {
  return { kind: 'finding', finding, isInner }
}

/** What wakes somebody goes before what does not. */
function weight({ severity, pages }: FindingRow): number {
  return severity + (pages ? 10 : 0)
}

export function findingOf(row: InboxRow): FindingRow {
  return row.kind === 'group' ? row.lead : row.finding
}

/** All that a row stands for. */
export function findingsOf(row: InboxRow): readonly FindingRow[] {
  return row.kind === 'group' ? row.findings : [row.finding]
}
