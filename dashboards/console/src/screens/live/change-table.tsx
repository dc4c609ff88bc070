import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { FindingEvent } from '../../api/finding-feed.ts'
import { Instant } from '../../shared/instant.tsx'
import { GradeMark, Severity, Tag } from '../../shared/marks.tsx'
import { AddToCase } from '../cases/add/add-to-case.tsx'

/** Changes of findings, one a row. */
export function ChangeTable({
  events,
  earlier,
  children,
}: {
  readonly events: readonly FindingEvent[]
  /** What had been learned before, under a row of its own. */
  readonly earlier?: { readonly title: string; readonly events: readonly FindingEvent[] }
  readonly children: ReactNode
}) {
  return (
    <div className="live-scroll" tabIndex={0} role="region" aria-label="Changes">
      <table className="matrix live-table">
        <thead>
          <tr>
            <th scope="col">Learned</th>
            <th scope="col">Change</th>
            <th scope="col">Severity</th>
            <th scope="col">What happened</th>
            <th scope="col">Evidence</th>
            <th scope="col">Chain</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <EventRow key={event.cursor} event={event} />
          ))}
          {earlier === undefined ? null : (
            <tr className="live-earlier">
              <th scope="rowgroup" colSpan={6}>
                {earlier.title}
              </th>
            </tr>
          )}
          {earlier?.events.map((event) => (
            <EventRow key={event.cursor} event={event} />
          ))}
        </tbody>
      </table>
      {children}
    </div>
  )
}

function EventRow({ event }: { readonly event: FindingEvent }) {
  const { finding, change, learnedAt } = event
  return (
    <tr data-cursor={event.cursor}>
      <td>
        <Instant at={learnedAt} />
      </td>
      <td>
        <Tag>{change.toLowerCase()}</Tag>
      </td>
      <td>
        <Severity value={finding.severity} />
      </td>
      <td className="with-add">
        <Link to="/findings" search={{ finding: finding.id, tab: 'all' }}>
          {finding.rule} {finding.title}
        </Link>
        <AddToCase items={[{ kind: 'FINDING', id: finding.id }]} name={finding.title} />
      </td>
      <td>
        <GradeMark grade={finding.grade} />
      </td>
      <td>
        {finding.chain === null ? (
          <span className="dim">none</span>
        ) : (
          <Link
            to="/chains/$chainId"
            params={{ chainId: finding.chain.id }}
            search={finding.action === null ? {} : { select: finding.action.id }}
          >
            chain
          </Link>
        )}
      </td>
    </tr>
  )
}
