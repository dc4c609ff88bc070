import { Button } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { KeyCaps } from '../../shared/key-caps.tsx'
import type { KeyEntry } from '../../shared/keys.ts'
import { useKeys } from '../../shared/use-keys.ts'
import { useAdding } from '../cases/add/adding.ts'
import { CASE_KEYS } from '../cases/add/keys.ts'
import type { FindingRow } from './documents.ts'
import { FindingCells, HEADS } from './finding-cells.tsx'
import { findingOf, findingsOf, type InboxRow, isTakable, MOST_TAKEN } from './inbox-rows.ts'
import { type InboxSearch, inboxSearch } from './inbox-search.ts'
import { LIST_KEYS, TRIAGE_KEYS } from './keys.ts'
import { toAdd } from './to-add.ts'
import { BulkBar } from './triage/bulk-bar.tsx'
import { usePicks } from './triage/use-picks.ts'
import type { EntryPages } from './use-entry-pages.ts'
import type { MemberLists } from './use-members.ts'

const ROW_HEIGHT = 56
/** What stands below the list, each with the first of its keys; `?` shows all. */
const HINTS = [LIST_KEYS, TRIAGE_KEYS, CASE_KEYS].flatMap(({ actions }) =>
  Object.values<KeyEntry>(actions),
)
/** Rows before the end at which the next page is asked for. */
const AHEAD = 60

interface Props {
  readonly rows: readonly InboxRow[]
  readonly pages: EntryPages
  readonly members: MemberLists
  readonly search: InboxSearch
  readonly change: (next: InboxSearch, replace?: boolean) => void
  readonly ownName: string | undefined
  /** After something was said of findings. */
  readonly again: () => void
}

/** A table of any length: only what is on the screen is in the page. */
export function FindingList({ rows, pages, members, search, change, ownName, again }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const selected = rows.findIndex((row) => findingOf(row).id === search.finding)
  const [cursor, setCursor] = useState(Math.max(selected, 0))
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - AHEAD) pages.more()
  }, [last, rows.length, pages])

  const move = (to: number): void => {
    const index = Math.min(Math.max(to, 0), rows.length - 1)
    setCursor(index)
    virtual.scrollToIndex(index)
    const row = rows[index]
    if (search.finding !== undefined && row !== undefined) {
      change({ ...search, finding: findingOf(row).id }, true)
    }
  }
  const open = (row: InboxRow | undefined): void => {
    if (row !== undefined) change({ ...search, finding: findingOf(row).id })
  }
  const fold = (key: string): void => {
    const unfold = new Set(search.unfold)
    if (!unfold.delete(key)) unfold.add(key)
    change(inboxSearch({ ...search, unfold: [...unfold] }), true)
  }
  const at = rows[cursor]
  const listed = useMemo(() => rows.flatMap((row) => findingsOf(row) ?? []), [rows])
  const picks = usePicks(listed)
  /** All that a row stands for; nothing where that is more than can be taken. */
  const taken = async (row: InboxRow | undefined): Promise<readonly FindingRow[]> => {
    if (row === undefined || !isTakable(row)) return []
    return row.kind === 'group' ? members.load(row.entry) : [row.finding]
  }
  const select = async (row: InboxRow | undefined): Promise<void> => {
    const findings = await taken(row)
    if (findings.length > 0) picks.toggle(findings)
  }
  const adding = useAdding()
  const add = async (row: InboxRow): Promise<void> => {
    const findings = await taken(row)
    if (findings.length > 0) adding?.(toAdd(findings))
  }
  const letGo = (): void => {
    const { finding: _, runbook: __, ...rest } = search
    if (picks.findings.length > 0) picks.clear()
    else if (search.finding !== undefined) change(rest)
  }
  useKeys(LIST_KEYS, {
    next: () => move(cursor + 1),
    previous: () => move(cursor - 1),
    first: () => move(0),
    last: () => move(rows.length - 1),
    open: () => open(at),
    select: () => void select(at),
    unfold: () => at?.kind === 'group' && !at.isOpen && fold(at.entry.key),
    fold: () => at?.kind === 'group' && at.isOpen && fold(at.entry.key),
    letGo,
  })
  return (
    <>
      <BulkBar picks={picks} cursor={() => taken(at)} ownName={ownName} again={again} />
      <div
        role="table"
        aria-label="Findings"
        aria-rowcount={pages.hasMore ? -1 : rows.length + 1}
        className="finding-table"
      >
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className="finding-row finding-header">
            <span role="columnheader">
              <span className="visually-hidden">Selected</span>
            </span>
            {HEADS.map(([className, head]) => (
              <span key={head} role="columnheader" className={className}>
                {head}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" ref={scroller} className="finding-scroll" tabIndex={0}>
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
            {items.map(({ index, start }) => {
              const row = rows[index]
              if (row === undefined) return null
              const finding = findingOf(row)
              return (
                <div
                  key={row.kind === 'group' ? `g-${row.entry.key}` : finding.id}
                  role="row"
                  aria-rowindex={index + 2}
                  aria-current={index === cursor}
                  className={classOf(row, finding.id === search.finding, index === cursor)}
                  style={{ transform: `translateY(${start}px)`, height: ROW_HEIGHT }}
                >
                  <span role="cell">
                    <input
                      type="checkbox"
                      className="finding-pick"
                      aria-label={`Select ${finding.title}`}
                      title={
                        isTakable(row) ? '' : `Something can be said of ${MOST_TAKEN} at once.`
                      }
                      disabled={!isTakable(row)}
                      checked={picks.has(findingsOf(row))}
                      onChange={() => void select(row)}
                    />
                  </span>
                  <FindingCells
                    row={row}
                    search={search}
                    open={() => {
                      setCursor(index)
                      open(row)
                    }}
                    fold={fold}
                    add={adding === undefined || !isTakable(row) ? undefined : () => void add(row)}
                  />
                </div>
              )
            })}
          </div>
          {pages.state === 'failed' && pages.isStale !== true ? (
            <p role="alert" className="finding-more">
              {pages.message}{' '}
              <Button size="compact-xs" variant="default" onClick={pages.retry}>
                Try again
              </Button>
            </p>
          ) : null}
        </div>
        <p className="finding-keys dim">
          {HINTS.map(({ keys, does }) => (
            <span key={does}>
              <KeyCaps keys={keys.slice(0, 1)} /> {does}
            </span>
          ))}
        </p>
      </div>
    </>
  )
}

function classOf(row: InboxRow, isSelected: boolean, isAt: boolean): string {
  return [
    'finding-row',
    row.kind === 'finding' && row.isInner ? 'is-inner' : '',
    isSelected ? 'is-selected' : '',
    isAt ? 'is-at' : '',
  ].join(' ')
}
