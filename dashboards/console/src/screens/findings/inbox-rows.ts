import type { FindingRow } from './documents.ts'
import type { Entry } from './inbox-entries.ts'
import type { Members } from './use-members.ts'

/** One row of the list: a finding, or the head of several. */
export type InboxRow =
  | {
      readonly kind: 'finding'
      readonly finding: FindingRow
      readonly isInner: boolean
      /** Absent of one that is unfolded: its group says it. */
      readonly entry?: Entry
    }
  | {
      readonly kind: 'group'
      readonly entry: Entry
      readonly isOpen: boolean
      /** What it stands for, where that was loaded. */
      readonly members: Members | undefined
    }

/** The entries of the list, each that is unfolded with what it stands for below it. A group of one is a plain row. */
export function rowsOf(
  entries: readonly Entry[],
  unfolded: ReadonlySet<string>,
  members: ReadonlyMap<string, Members>,
): InboxRow[] {
  const rows: InboxRow[] = []
  for (const entry of entries) {
    if (entry.findings === 1) {
      rows.push({ kind: 'finding', finding: entry.lead, isInner: false, entry })
      continue
    }
    const isOpen = unfolded.has(entry.key)
    const own = members.get(entry.key)
    rows.push({ kind: 'group', entry, isOpen, members: own })
    if (!isOpen || own?.state !== 'ready') continue
    for (const finding of own.findings) rows.push({ kind: 'finding', finding, isInner: true })
  }
  return rows
}

export function findingOf(row: InboxRow): FindingRow {
  return row.kind === 'group' ? row.entry.lead : row.finding
}

/** All that a row stands for; undefined where that was not loaded yet. */
export function findingsOf(row: InboxRow): readonly FindingRow[] | undefined {
  if (row.kind === 'finding') return [row.finding]
  return row.members?.state === 'ready' ? row.members.findings : undefined
}

/** What somebody takes in one go at most: as many as one mutation takes. */
export const MOST_TAKEN = 200

/** Whether all that a row stands for can be taken. */
export function isTakable(row: InboxRow): boolean {
  return row.kind === 'finding' || row.entry.findings <= MOST_TAKEN
}
