import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { Instant } from '../../shared/instant.tsx'
import { severityName } from '../../shared/marks.tsx'
import { counted } from '../../shared/short.ts'
import type { SuppressionRow } from './documents.ts'
import type { Saying } from './use-saying.ts'

/** All rules: what each is about, who wrote it and why, what it hides now. */
export function SuppressionTable({
  rows,
  mayEnd,
  saying,
  ended,
}: {
  readonly rows: readonly SuppressionRow[]
  readonly mayEnd: boolean
  readonly saying: Saying
  readonly ended: () => void
}) {
  return (
    <table className="suppressions-table">
      <thead>
        <tr>
          <th>State</th>
          <th>About</th>
          <th>Reason</th>
          <th>By</th>
          <th>Until</th>
          <th>Hides</th>
          <th>
            <span className="visually-hidden">End it</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-suppression={row.id}>
            <td>
              <span className={row.active ? 'mark tone-gap' : 'mark tone-plain'}>
                <Icon name={row.active ? 'eye-off' : 'check'} />
                {row.active ? 'active' : 'ended'}
              </span>
            </td>
            <td>
              {wordsOf(row.matcher).map((words) => (
                <div key={words}>{words}</div>
              ))}
            </td>
            <td>{row.reason}</td>
            <td>
              {row.owner}, <Instant at={row.createdAt} />
            </td>
            <td>
              <Instant at={row.endedAt ?? row.until} />
              {row.endedBy === null ? null : <div className="dim">ended by {row.endedBy}</div>}
            </td>
            <td>
              <Hides row={row} />
            </td>
            <td>
              {row.active && mayEnd ? <End id={row.id} saying={saying} ended={ended} /> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Hides({ row: { hides } }: { readonly row: SuppressionRow }) {
  const { nodes, totalCount } = hides
  if (nodes.length === 0) return <span className="dim">nothing</span>
  const more = totalCount.value - nodes.length
  return (
    <details>
      <summary>{counted(totalCount.value, 'finding')}</summary>
      <ul className="facts">
        {nodes.map(({ id, rule, title, severity }) => (
          <li key={id}>
            <Link to="/findings" search={{ tab: 'all', finding: id }}>
              {rule}, {severityName(severity)}: {title}
            </Link>
          </li>
        ))}
        {more > 0 ? <li>and {more} more</li> : null}
      </ul>
    </details>
  )
}

function End({
  id,
  saying,
  ended,
}: {
  readonly id: string
  readonly saying: Saying
  readonly ended: () => void
}) {
  const [isAsked, setAsked] = useState(false)
  if (!isAsked) {
    return (
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        End …
      </Button>
    )
  }
  const end = async (): Promise<void> => {
    if (await saying.end(id)) ended()
  }
  return (
    <div className="row">
      <span>What it hides comes back.</span>
      <Button size="xs" disabled={saying.busy} onClick={() => void end()}>
        End it
      </Button>
      <Button size="xs" variant="subtle" onClick={() => setAsked(false)}>
        Keep it
      </Button>
    </div>
  )
}

const NAMES: Readonly<Record<string, string>> = {
  rule: 'rule',
  agent: 'agent',
  from: 'authority of',
  tool: 'tool',
  fingerprint: 'fingerprint',
}

/** A matcher as words; a part of a newer collector keeps its name. */
function wordsOf(matcher: unknown): string[] {
  return Object.entries(matcher as Record<string, unknown>).flatMap(([name, value]) => {
    if (value === null || value === undefined) return []
    if (name === 'severityAtMost') return [`at most ${severityName(Number(value))}`]
    const values = Array.isArray(value) ? value.join(' or ') : String(value)
    return [`${NAMES[name] ?? name}: ${values}`]
  })
}
