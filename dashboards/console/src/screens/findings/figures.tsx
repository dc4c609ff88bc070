import { Link } from '@tanstack/react-router'
import type { ResultOf } from '../../api/graphql.ts'
import { atLeast } from '../../shared/short.ts'
import { dayName, dayTime, duration } from '../../shared/time.ts'
import type { INBOX_FIGURES } from './documents.ts'
import { type InboxSearch, whereOf } from './inbox-search.ts'

const FRESH: InboxSearch = { tab: 'all', after: '24h' }
const UNTRIAGED: InboxSearch = { triage: ['NEW'], direction: 'asc' }
const TRIAGED: InboxSearch = {
  tab: 'all',
  triage: ['ACKNOWLEDGED', 'IN_PROGRESS', 'CLOSED', 'ACCEPTED'],
}

/** What the figures are asked with; `now` in epoch milliseconds. Nothing of them is the reader's own. */
export function figuresAt(now: number) {
  const reader = { name: '', now }
  return { fresh: whereOf(FRESH, reader), untriaged: whereOf(UNTRIAGED, reader) }
}

/** What came, what waits and how long things wait, of the whole inbox; each leads to the rows that it counts. */
export function Figures({ data }: { readonly data: ResultOf<typeof INBOX_FIGURES> }) {
  const { fresh, untriaged, posture } = data
  const waiting = untriaged.__typename === 'FindingConnection' ? untriaged : undefined
  const [oldest] = waiting?.nodes ?? []
  return (
    <ul className="figures" aria-label="Figures">
      {fresh.__typename === 'FindingConnection' ? (
        <li>
          <Link to="/findings" search={FRESH}>
            <b>{atLeast(fresh.totalCount)}</b> new in 24 hours
          </Link>
        </li>
      ) : null}
      {waiting === undefined ? null : (
        <li>
          <Link to="/findings" search={UNTRIAGED}>
            <b>{atLeast(waiting.totalCount)}</b> untriaged
          </Link>
          {oldest === undefined ? null : (
            <>
              , the oldest for{' '}
              <Link
                to="/findings"
                search={{ ...UNTRIAGED, finding: oldest.id }}
                title={`since ${dayTime(oldest.raisedAt)}`}
              >
                <b>{duration(Math.max(0, Date.now() - Date.parse(oldest.raisedAt)))}</b>
              </Link>
            </>
          )}
        </li>
      )}
      {posture.__typename === 'Posture' ? (
        <li>
          <TimeToTriage since={posture.since} time={posture.timeToTriage} />
        </li>
      ) : null}
    </ul>
  )
}

/** The median, and how many findings it is of. */
export function TimeToTriage({
  since,
  time: { findings, known, medianSeconds },
}: {
  readonly since: string
  readonly time: {
    readonly findings: { readonly value: number; readonly approximate: boolean }
    readonly known: number
    readonly medianSeconds: number | null
  }
}) {
  if (findings.value === 0) return <span className="dim">nothing of this time was triaged yet</span>
  const of = findings.approximate
    ? `the newest ${known}`
    : known === findings.value
      ? atLeast(findings)
      : `${known} of ${atLeast(findings)}, the others are dated by a rebuild`
  return (
    <Link to="/findings" search={{ ...TRIAGED, after: since }}>
      <b>{medianSeconds === null ? 'not known' : duration(medianSeconds * 1_000)}</b> median time to
      triage, of {of} since {dayName(since)}
    </Link>
  )
}
