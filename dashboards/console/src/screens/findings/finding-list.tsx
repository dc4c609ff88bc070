import { Button } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { Instant } from '../../shared/instant.tsx'
import { KeyCaps } from '../../shared/key-caps.tsx'
import type { KeyEntry } from '../../shared/keys.ts'
import { GradeMark, Severity } from '../../shared/marks.tsx'
import { toolName } from '../../shared/short.ts'
import { useKeys } from '../../shared/use-keys.ts'
import type { FindingRow } from './documents.ts'
import { findingOf, findingsOf, type InboxRow } from './inbox-rows.ts'
import { type InboxSearch, inboxSearch } from './inbox-search.ts'
import { LIST_KEYS, TRIAGE_KEYS } from './keys.ts'
import { BulkBar } from './triage/bulk-bar.tsx'
import { Assignee, HiddenMark, TriageMark } from './triage/triage-mark.tsx'
import { usePicks } from './triage/use-picks.ts'
import type { FindingPages } from './use-finding-pages.ts'

const ROW_HEIGHT = 52
/** What stands below the list, each with the first of its keys; `?` shows all. */
const HINTS = [LIST_KEYS, TRIAGE_KEYS].flatMap(({ actions }) => Object.values<KeyEntry>(actions))
/** Rows before the end at which the next page is asked for. */
const AHEAD = 60

interface Props {
  readonly rows: readonly InboxRow[]
  readonly pages: FindingPages
  readonly search: InboxSearch
  readonly change: (next: InboxSearch, replace?: boolean) => void
  readonly ownName: string | undefined
  /** After something was said of findings. */
  readonly again: () => void
}

/** A table of any length: only what is on the screen is in the page. */
export function FindingList({ rows, pages, search, change, ownName, again }: Props) {
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
  const picks = usePicks(pages.findings)
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
    select: () => at !== undefined && picks.toggle(findingsOf(at)),
    unfold: () => at?.kind === 'group' && !at.isOpen && fold(at.key),
    fold: () => at?.kind === 'group' && at.isOpen && fold(at.key),
    letGo,
  })
  return (
    <>
      <BulkBar
        picks={picks}
        cursor={at === undefined ? [] : findingsOf(at)}
        ownName={ownName}
        again={again}
      />
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
            <span role="columnheader">Severity</span>
            <span role="columnheader">Rule</span>
            <span role="columnheader">What happened</span>
            <span role="columnheader">Agent</span>
            <span role="columnheader">Permission</span>
            <span role="columnheader">Evidence</span>
            <span role="columnheader">Happened</span>
            <span role="columnheader">Triage</span>
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
                  key={row.kind === 'group' ? `g-${row.key}` : finding.id}
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
                      checked={picks.has(findingsOf(row))}
                      onChange={() => picks.toggle(findingsOf(row))}
                    />
                  </span>
                  <Cells
                    finding={finding}
                    row={row}
                    open={() => {
                      setCursor(index)
                      open(row)
                    }}
                    fold={fold}
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

function Cells({
  finding,
  row,
  open,
  fold,
}: {
  readonly finding: FindingRow
  readonly row: InboxRow
  readonly open: () => void
  readonly fold: (key: string) => void
}) {
  const { rule, ruleName, title, agent, from, tool, grade, happenedAt, severity, state, triage } =
    finding
  return (
    <>
      <span role="cell">
        <Severity value={severity} />
      </span>
      <span role="cell" className="finding-rule" title={ruleName ?? ''}>
        {row.kind === 'group' ? (
          <button
            type="button"
            className="fold"
            aria-expanded={row.isOpen}
            aria-label={`${row.findings.length} findings of one group`}
            onClick={() => fold(row.key)}
          >
            <Icon name={row.isOpen ? 'down' : 'right'} /> {row.findings.length}
          </button>
        ) : null}
        <b>{rule}</b>
      </span>
      <span role="cell" className="finding-title">
        <button type="button" onClick={open} title={title}>
          {title}
        </button>
        <small className="dim clip">
          {ruleName}
          {state === 'WITHDRAWN' ? ' · withdrawn' : ''}
          {finding.pages ? ' · wakes somebody' : ''}
        </small>
      </span>
      <span role="cell" className="clip">
        {agent.name}
        {from === null ? null : <small className="dim clip">from {from.name}</small>}
      </span>
      <span role="cell" className="clip mono" title={tool ?? ''}>
        {tool === null ? '' : toolName(tool)}
      </span>
      <span role="cell">
        <GradeMark grade={grade} />
      </span>
      <span role="cell">
        <Instant at={happenedAt} />
      </span>
      <span role="cell" className="finding-triage">
        <TriageMark state={triage.state} />
        {triage.suppressedBy === null ? null : <HiddenMark />}
        {triage.assignee === null ? null : <Assignee name={triage.assignee} />}
      </span>
    </>
  )
}
