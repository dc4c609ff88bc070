import { Link } from '@tanstack/react-router'
import { dayName } from '../../../shared/time.ts'
import type { InboxSearch } from '../inbox-search.ts'
import type { TrendDay } from './documents.ts'
import { STANDS } from './stands.ts'

const DAY = 86_400_000
const COLUMNS = [
  ['open', 'Open'],
  ['accepted', 'Accepted'],
  ['closed', 'Closed'],
  ['withdrawn', 'Withdrawn'],
] as const

/** The days as rows, newest first; a number leads to its findings, as they were known at the end of that day. */
export function TrendTable({
  days,
  zone,
}: {
  readonly days: readonly TrendDay[]
  /** Which they are of. */
  readonly zone: string | undefined
}) {
  const within = zone === undefined ? {} : { zone: [zone] }
  return (
    <div className="matrix-scroll panel" tabIndex={0} role="region" aria-label="Days">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col">Learned</th>
            {COLUMNS.map(([name, title]) => (
              <th scope="col" key={name}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day, i) => (
            <tr key={day.at}>
              <th scope="row">
                {dayName(day.at)}
                {i === 0 ? ', now' : ''}
              </th>
              <td>
                <Rows count={day.raised} search={{ ...learnedOn(day), ...within }} />
              </td>
              {COLUMNS.map(([name]) => (
                <td key={name}>
                  <Rows
                    count={day[name]}
                    search={{ ...STANDS[name], ...within, ...(i === 0 ? {} : { asOf: day.at }) }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A number with the findings that it counts. */
function Rows({
  count,
  search,
}: {
  readonly count: number
  readonly search: InboxSearch & { readonly asOf?: string }
}) {
  if (count === 0) return <span className="dim">0</span>
  return (
    <Link to="/findings" search={search}>
      {count.toLocaleString('en-GB')}
    </Link>
  )
}

function learnedOn({ at }: TrendDay): InboxSearch {
  const from = Math.floor(Date.parse(at) / DAY) * DAY
  const [after, before] = [from, from + DAY].map((instant) => new Date(instant).toISOString())
  return { tab: 'all', ...(after && before ? { after, before } : {}) }
}
