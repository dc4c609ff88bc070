import { useAsk } from '../../../api/ask.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { Show } from '../../../shared/asked.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { StateMark } from '../../../shared/marks.tsx'
import { atLeast, shortHash } from '../../../shared/short.ts'
import { Empty, NotTold } from '../../../shared/states.tsx'
import { REACHED_BY, type ReachedBy } from '../documents.ts'
import { type ExploreSearch, type Subject, subjectName, textOfArtefact } from '../explore-search.ts'
import { endInput, followed } from '../followed.ts'
import { exportedWay, WAY_COLUMNS } from './way-rows.ts'
import { WayMarks, WaySteps } from './way-steps.tsx'

const MOST = 200

/** The other direction: who could reach it, and by which way. */
export function ReachedByView({
  subject,
  search,
  go,
}: {
  readonly subject: Subject
  readonly search: ExploreSearch
  /** Asks something else. */
  readonly go: (search: ExploreSearch) => void
}) {
  const asOf = useAsOf()
  const variables = {
    to: endInput(subject),
    inForce: search.force === 'only',
    first: MOST,
    ...followed(search, asOf),
  }
  const asked = useAsk(REACHED_BY, variables)
  return (
    <div className="paths-scroll" tabIndex={0} role="region" aria-label="Who could reach it">
      <Show asked={asked} what="who could reach it">
        {({ reachedBy }) =>
          reachedBy.__typename === 'ReachedBy' ? (
            <>
              <div className="explore-bar">
                <Said answer={reachedBy} subject={subject} />
                <span className="spread">
                  <CopyMenu
                    question={{ document: REACHED_BY, variables }}
                    table={{
                      name: `reached-by-${shortHash(subject.id)}`,
                      columns: ['kind', 'id', ...WAY_COLUMNS],
                      rows: () =>
                        reachedBy.reachers.nodes.map(({ start, way }) => ({
                          ...{ kind: start.kind, id: start.id },
                          ...exportedWay(way),
                        })),
                    }}
                  />
                </span>
              </div>
              <Reachers answer={reachedBy} subject={subject} search={search} go={go} />
            </>
          ) : (
            <NotTold
              kind={reachedBy.__typename}
              title={`No ${subject.kind} of this id is known.`}
              message={reachedBy.message}
            />
          )
        }
      </Show>
    </div>
  )
}

function Said({ answer, subject }: { readonly answer: ReachedBy; readonly subject: Subject }) {
  const { to, reachers, lookedAt, cappedBy } = answer
  return (
    <span role="status">
      {atLeast(reachers.totalCount)} of {lookedAt.toLocaleString('en-GB')} agents and principals
      that were looked at could reach <b>{subjectName(subject, to.name)}</b>.{' '}
      {cappedBy.length === 0 ? null : (
        <StateMark
          word={{ text: `not all was read: capped by ${cappedBy.join(', ')}`, tone: 'gap' }}
        />
      )}
    </span>
  )
}

function Reachers({
  answer: { reachers },
  subject,
  search,
  go,
}: {
  readonly answer: ReachedBy
  readonly subject: Subject
  readonly search: ExploreSearch
  readonly go: (search: ExploreSearch) => void
}) {
  if (reachers.nodes.length === 0)
    return (
      <Empty title="Nobody is recorded who could reach it.">
        <p className="dim">
          By these rules, and past what is avoided. What was not sent is not known to be absent.
        </p>
      </Empty>
    )
  const { since, avoid, rules, within, force } = search
  const kept = {
    ...(since === undefined ? {} : { since }),
    ...(avoid === undefined ? {} : { avoid }),
    ...(rules === undefined ? {} : { rules }),
    ...(within === undefined ? {} : { within }),
    ...(force === undefined ? {} : { force }),
  }
  return (
    <table className="matrix reached-by">
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">How</th>
          <th scope="col">The shortest way</th>
        </tr>
      </thead>
      <tbody>
        {reachers.nodes.map(({ start, way }) => {
          const kind = start.kind === 'AGENT' ? 'agent' : 'principal'
          const { id, name } = start
          return (
            <tr key={`${kind} ${id}`}>
              <th scope="row">
                <button
                  type="button"
                  className="text-button"
                  title={id}
                  onClick={() => go({ kind, id })}
                >
                  {name}
                </button>
                <div className="dim">{kind}</div>
              </th>
              <td>
                <WayMarks way={way} />
              </td>
              <td>
                <WaySteps way={way} />
                <button
                  type="button"
                  className="text-button"
                  onClick={() =>
                    go({ kind, id, ask: 'paths', end: textOfArtefact(subject), ...kept })
                  }
                >
                  All ways
                </button>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
