import { Link } from '@tanstack/react-router'
import { dayName } from '../../../shared/time.ts'
import type { TrendDay } from './documents.ts'
import { STANDS } from './stands.ts'
import { BOX, SERIES, type Series, trendLines } from './trend-lines.ts'

const NAMES = Object.entries(SERIES) as [Series, string][]

/** The same as the table: a line each for what was open, accepted and closed at the end of each day. */
export function TrendPicture({
  days,
  zone,
}: {
  readonly days: readonly TrendDay[]
  /** Which they are of. */
  readonly zone: string | undefined
}) {
  const within = zone === undefined ? {} : { zone: [zone] }
  const { lines, xs, ticks } = trendLines(days)
  const [first, last] = [days.at(0), days.at(-1)]
  if (first === undefined || last === undefined) return null
  const step = xs.length > 1 ? (xs[1] ?? 0) - (xs[0] ?? 0) : BOX.width - BOX.left - BOX.right
  return (
    <figure className="trend">
      <figcaption className="row">
        {NAMES.map(([name, text]) => (
          <span key={name} className="trend-name">
            <svg viewBox="0 0 28 8" width={28} height={8} aria-hidden="true">
              <path d="M0 4h28" className={`trend-line trend-${name}`} />
            </svg>
            {text}{' '}
            <Link to="/findings" search={{ ...STANDS[name], ...within }}>
              <b>{last[name].toLocaleString('en-GB')}</b>
            </Link>
          </span>
        ))}
      </figcaption>
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        role="img"
        aria-label={`From ${dayName(first.at)} to ${dayName(last.at)}: ${NAMES.map(
          ([name, text]) => `${text} from ${first[name]} to ${last[name]}`,
        ).join(', ')}. The table has each day.`}
      >
        {ticks.map(({ value, y }) => (
          <g key={value}>
            <path d={`M${BOX.left} ${y}H${BOX.width - BOX.right}`} className="trend-rule" />
            <text x={BOX.left - 8} y={y + 4} textAnchor="end" className="trend-text">
              {value.toLocaleString('en-GB')}
            </text>
          </g>
        ))}
        {NAMES.map(([name]) => (
          <polyline key={name} points={lines[name]} className={`trend-line trend-${name}`} />
        ))}
        {days.map((day, i) => (
          <rect
            key={day.at}
            x={(xs[i] ?? 0) - step / 2}
            y={BOX.top}
            width={step}
            height={BOX.height - BOX.top - BOX.bottom}
            className="trend-day"
          >
            <title>
              {dayName(day.at)}: {NAMES.map(([name, text]) => `${day[name]} ${text}`).join(', ')}
            </title>
          </rect>
        ))}
        <text x={BOX.left} y={BOX.height - 5} className="trend-text">
          {dayName(first.at)}
        </text>
        <text x={BOX.width - BOX.right} y={BOX.height - 5} textAnchor="end" className="trend-text">
          {dayName(last.at)}
        </text>
      </svg>
    </figure>
  )
}
