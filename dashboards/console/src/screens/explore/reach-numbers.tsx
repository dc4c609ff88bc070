import { counted } from '../../shared/short.ts'
import type { BlastRadius } from './documents.ts'
import type { Change, ExploreSearch } from './explore-search.ts'

/** What it comes to. Each number opens the rows behind it, and closes them again. */
export function ReachNumbers({
  name,
  answer: { granted, reachable },
  search,
  change,
}: {
  readonly name: string
  readonly answer: BlastRadius
  readonly search: ExploreSearch
  readonly change: Change
}) {
  const more = reachable.rows - granted.rows
  const numbers = [
    { only: undefined, value: reachable.rows, text: 'reachable in all' },
    { only: 'exercised', value: reachable.exercised, text: 'exercised already' },
    { only: 'exercisable', value: reachable.exercisable, text: 'still exercisable' },
    { only: 'granted', value: granted.rows, text: 'were granted' },
    { only: 'inherited', value: more, text: 'more by inheritance' },
  ] as const
  return (
    <section className="reach-numbers" aria-label="In numbers">
      <p>
        Whoever holds <b>{name}</b> reaches {counted(reachable.rows, 'permission')} of{' '}
        {counted(reachable.agents, 'agent')}.{' '}
        {more === 0
          ? 'All of it was granted: inheritance adds nothing.'
          : `What was granted is ${granted.rows}; inheritance adds ${more}.`}
      </p>
      <div className="row">
        {numbers.map(({ only, value, text }) => (
          <button
            key={text}
            type="button"
            className={`number${only === 'inherited' && value > 0 ? ' is-bad' : ''}`}
            aria-pressed={search.only === only}
            onClick={() => change({ only: search.only === only ? undefined : only, select: '' })}
          >
            <b>{value.toLocaleString('en-GB')}</b> {text}
          </button>
        ))}
        <button
          type="button"
          className="number"
          aria-pressed={search.only === 'undecided'}
          onClick={() =>
            change({
              only: search.only === 'undecided' ? undefined : 'undecided',
              select: '',
            })
          }
        >
          those that nobody decided on
        </button>
      </div>
    </section>
  )
}
