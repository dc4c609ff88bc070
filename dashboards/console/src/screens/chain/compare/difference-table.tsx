import { Empty } from '../../../shared/states.tsx'
import { ChangeMark } from './change-marks.tsx'
import type { Difference } from './differences.ts'

/** Rows that are shown; the export has all. */
const MOST = 500

/** What differs between two instants, a changed part a row. */
export function DifferenceTable({
  differences,
  select,
  onSelect,
}: {
  readonly differences: readonly Difference[]
  readonly select: string | undefined
  readonly onSelect: (key: string) => void
}) {
  if (differences.length === 0) return <Empty title="Nothing differs between the two." />
  const rows = differences.flatMap(rowsOf)
  return (
    <div className="difference-table" tabIndex={0} role="region" aria-label="What differs">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">What</th>
            <th scope="col">Which</th>
            <th scope="col">Part</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map(({ key, change, kind, name, part, before, after }) => (
            <tr
              key={`${kind} ${key} ${name} ${part}`}
              data-change={change}
              className={key === select ? 'is-selected' : ''}
            >
              <td>
                <ChangeMark change={change} />
              </td>
              <td>{kind}</td>
              <td>
                <button type="button" className="step-name" onClick={() => onSelect(key)}>
                  {name}
                </button>
              </td>
              <td>{part}</td>
              <td>{before}</td>
              <td>{after}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST ? (
        <p className="dim">and {rows.length - MOST} more rows: the export has them.</p>
      ) : null}
    </div>
  )
}

export const DIFFERENCE_COLUMNS = ['change', 'kind', 'key', 'name', 'part', 'before', 'after']

/** A row for each part; one without a part for what came or went. */
export function rowsOf({ parts, ...rest }: Difference) {
  const none = [{ part: '', before: '', after: '' }]
  return (parts.length === 0 ? none : parts).map((part) => ({ ...rest, ...part }))
}
