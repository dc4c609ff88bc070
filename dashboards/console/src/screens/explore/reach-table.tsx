import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { Instant } from '../../shared/instant.tsx'
import { StateMark, Tag } from '../../shared/marks.tsx'
import { toolName } from '../../shared/short.ts'
import { useKeys } from '../../shared/use-keys.ts'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import type { ReachRow } from './documents.ts'
import type { MenuAt } from './fact-menu.tsx'
import { REACH_TABLE_KEYS } from './keys.ts'
import { nodeOfRow } from './reach-graph.ts'
import { effectWord, keyOfRow, ruleWord } from './reach-rows.ts'
import { thingsOfReach } from './reach-things.ts'
import { ZoneTag } from './zone-tag.tsx'

const HEADS = ['Permission', 'By agent', 'What it does', 'How reached', 'Exercised', 'Exercisable']

/** The same as the picture, a permission a row: for the keyboard, for who listens, and for very many. */
export function ReachTable({
  rows,
  select,
  onSelect,
  onMenu,
}: {
  readonly rows: readonly ReachRow[]
  readonly select: string | undefined
  readonly onSelect: (key: string | undefined) => void
  readonly onMenu: (at: MenuAt) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 52,
    overscan: 10,
  })
  const move = (by: number): void => {
    const at = rows.findIndex((row) => nodeOfRow(row) === select)
    const next = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))
    const row = rows[next]
    if (row === undefined) return
    onSelect(nodeOfRow(row))
    virtual.scrollToIndex(next)
  }
  useKeys(REACH_TABLE_KEYS, { next: () => move(1), previous: () => move(-1) })
  return (
    <div
      className="reach-scroll"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Table of what is reached"
    >
      <div role="table" aria-label="Permissions that are reached" aria-rowcount={rows.length + 1}>
        <div role="rowgroup" className="reach-table-head">
          <div role="row" aria-rowindex={1} className="reach-row">
            {HEADS.map((name) => (
              <span key={name} role="columnheader">
                {name}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            if (row === undefined) return null
            const key = nodeOfRow(row)
            return (
              <div
                key={keyOfRow(row)}
                role="row"
                ref={virtual.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                className={[
                  'reach-row is-item',
                  row.rule === 'GIVEN' ? '' : 'is-trouble',
                  key === select ? 'is-selected' : '',
                ].join(' ')}
                style={{ transform: `translateY(${start}px)` }}
                onContextMenu={(event) => {
                  event.preventDefault()
                  onMenu({ key, x: event.clientX, y: event.clientY })
                }}
              >
                <span role="cell">
                  <button
                    type="button"
                    className="text-button"
                    title={row.tool}
                    onClick={() => onSelect(key)}
                  >
                    <b>{toolName(row.tool)}</b>
                  </button>{' '}
                  <AddToCase
                    items={thingsOfReach(row)}
                    name={`what ${toolName(row.tool)} by ${row.agent.name} rests on`}
                  />{' '}
                  {row.limits.map((limit) => (
                    <code key={limit}>{limit} </code>
                  ))}
                  {row.zones.map((zone) => (
                    <ZoneTag key={zone.name} zone={zone} />
                  ))}
                </span>
                <span role="cell">{row.agent.name}</span>
                <span role="cell">{effectWord(row.effectClass)}</span>
                <span role="cell" className="row">
                  <StateMark
                    word={{ text: ruleWord(row), tone: row.rule === 'GIVEN' ? 'good' : 'bad' }}
                  />
                  <Tag>{row.decided ? 'decided on' : 'no decision on it'}</Tag>
                </span>
                <span role="cell">
                  {row.lastAction === null ? (
                    <span className="dim">not since</span>
                  ) : (
                    <>
                      last <Instant at={row.lastAction.at} />
                    </>
                  )}
                </span>
                <span role="cell">
                  {!row.exercisable ? (
                    <span className="dim">over</span>
                  ) : row.until === null ? (
                    'no end is stated'
                  ) : (
                    <>
                      until <Instant at={row.until} />
                    </>
                  )}
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
