import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Instant } from '../../shared/instant.tsx'
import { Tag } from '../../shared/marks.tsx'
import type { CaseRow, CaseState } from './documents.ts'

export function CaseStateTag({ state }: { readonly state: CaseState }) {
  return <Tag>{state.toLowerCase()}</Tag>
}

/** A case a row; its title opens it. */
export function CaseTable({
  rows,
  children,
}: {
  readonly rows: readonly CaseRow[]
  readonly children: ReactNode
}) {
  return (
    <div className="case-scroll" tabIndex={0} role="region" aria-label="List of cases">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Case</th>
            <th scope="col">State</th>
            <th scope="col">Items</th>
            <th scope="col">Opened</th>
            <th scope="col">Last word</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link to="/cases/$caseId" params={{ caseId: row.id }}>
                  {row.title}
                </Link>
              </th>
              <td>
                <CaseStateTag state={row.state} />
              </td>
              <td>{row.size.toLocaleString('en-GB')}</td>
              <td>
                <Instant at={row.openedAt} /> by {row.openedBy}
              </td>
              <td>
                <Instant at={row.updatedAt} /> by {row.updatedBy}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {children}
    </div>
  )
}
