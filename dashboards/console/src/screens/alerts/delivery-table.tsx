import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Instant } from '../../shared/instant.tsx'
import { Severity, StateMark } from '../../shared/marks.tsx'
import { stateWord } from './delivery-words.ts'
import type { DeliveryRow } from './documents.ts'

/** A delivery a row, the newest first. */
export function DeliveryTable({
  deliveries,
  children,
}: {
  readonly deliveries: readonly DeliveryRow[]
  readonly children: ReactNode
}) {
  return (
    <div className="alerts-scroll alerts-log" tabIndex={0} role="region" aria-label="Deliveries">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Learned</th>
            <th scope="col">Channel</th>
            <th scope="col">State</th>
            <th scope="col">Change</th>
            <th scope="col">Severity</th>
            <th scope="col">Finding</th>
            <th scope="col">Attempts</th>
            <th scope="col">Settled, or tried next</th>
            <th scope="col">Last error</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((row) => (
            <tr key={row.id} data-delivery={row.state}>
              <td>
                <Instant at={row.learnedAt} />
              </td>
              <td>{row.channel}</td>
              <td>
                <StateMark word={stateWord(row)} />
              </td>
              <td>{row.change.toLowerCase()}</td>
              <td>
                <Severity value={row.severity} />
              </td>
              <td className="alerts-words">
                {row.finding === null ? (
                  `${row.rule}, not kept any more`
                ) : (
                  <Link to="/findings" search={{ tab: 'all', finding: row.finding.id }}>
                    {row.rule} {row.finding.title}
                  </Link>
                )}
              </td>
              <td>{row.attempts}</td>
              <td>
                <When row={row} />
              </td>
              <td>{row.error ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {children}
    </div>
  )
}

function When({ row: { settledAt, nextAttemptAt } }: { readonly row: DeliveryRow }) {
  if (nextAttemptAt === null) return settledAt === null ? null : <Instant at={settledAt} />
  // What was to be tried by now waits behind what its channel could not deliver.
  if (Date.parse(nextAttemptAt) <= Date.now()) return 'next, once its channel is free'
  return (
    <>
      next <Instant at={nextAttemptAt} />
    </>
  )
}
