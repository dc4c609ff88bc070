import { Button } from '@mantine/core'
import { useAsk } from '../../../api/ask.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { Show } from '../../../shared/asked.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { StateMark } from '../../../shared/marks.tsx'
import { counted, shortHash } from '../../../shared/short.ts'
import { Empty, NotTold } from '../../../shared/states.tsx'
import { PATHS, type Paths } from '../documents.ts'
import {
  artefactOf,
  type Change,
  type ExploreSearch,
  endIn,
  type Subject,
  subjectName,
  textOfArtefact,
} from '../explore-search.ts'
import { endInput, followed } from '../followed.ts'
import { EndForm } from './end-form.tsx'
import { exportedWay, WAY_COLUMNS } from './way-rows.ts'
import { WayMarks, WaySteps } from './way-steps.tsx'

/** Ways that are asked for. */
const MOST = 20

/** From one thing to another: every way that is recorded, the shortest first. */
export function PathsView({
  subject,
  search,
  change,
}: {
  readonly subject: Subject
  readonly search: ExploreSearch
  readonly change: Change
}) {
  const asOf = useAsOf()
  const end = search.end === undefined ? undefined : endIn(search.end)
  const variables = {
    from: endInput(subject) as never,
    to: endInput(end ?? subject),
    inForce: search.force === 'only',
    first: MOST,
    ...followed(search, asOf),
  }
  const asked = useAsk(PATHS, variables, end === undefined)
  return (
    <>
      <div className="explore-bar">
        <span className="dim">to</span>
        <EndForm
          key={search.end}
          label="Where the ways end"
          button="Show the ways"
          end={end}
          take={(to) => change({ end: textOfArtefact(to) })}
        />
        {end === undefined || asked.state !== 'answered' ? null : (
          <span className="spread">
            <CopyMenu
              question={{ document: PATHS, variables }}
              table={{
                name: `paths-${shortHash(subject.id)}`,
                columns: WAY_COLUMNS,
                rows: () =>
                  asked.data.paths.__typename === 'Paths'
                    ? asked.data.paths.paths.map(exportedWay)
                    : [],
              }}
            />
          </span>
        )}
      </div>
      {end === undefined ? (
        <Empty title="To what?">
          <p className="dim">
            Name an agent, a tool, a resource, a link, an approval: each way to it is told from the
            one that is held on, the shortest first.
          </p>
        </Empty>
      ) : (
        <div className="paths-scroll" tabIndex={0} role="region" aria-label="Ways">
          <Show asked={asked} what="the ways">
            {({ paths }) =>
              paths.__typename === 'Paths' ? (
                <Ways paths={paths} end={end} change={change} />
              ) : (
                <NotTold
                  kind={paths.__typename}
                  title="One of the two is not known."
                  message={paths.message}
                />
              )
            }
          </Show>
        </div>
      )}
    </>
  )
}

function Ways({
  paths: { start, to, paths, complete, chokePoints, cappedBy },
  end,
  change,
}: {
  readonly paths: Paths
  readonly end: Subject
  readonly change: Change
}) {
  const granted = paths.filter(({ rule }) => rule === 'GIVEN').length
  if (paths.length === 0)
    return (
      <Empty title={`No way from ${start.name} to ${subjectName(end, to.name)} is recorded.`}>
        <p className="dim">
          {cappedBy.length === 0
            ? 'By these rules, and past what is avoided. What was not sent is not known to be absent.'
            : `Not all was read: capped by ${cappedBy.join(', ')}.`}
        </p>
      </Empty>
    )
  return (
    <>
      <p className="paths-say" role="status">
        {counted(paths.length, 'way')}
        {complete ? '' : ', and there are more'}: {granted} granted, {paths.length - granted} by
        inheritance.{' '}
        {cappedBy.length === 0 ? null : (
          <StateMark
            word={{ text: `not all was read: capped by ${cappedBy.join(', ')}`, tone: 'gap' }}
          />
        )}
      </p>
      {chokePoints.length === 0 ? null : (
        <section className="paths-cut" aria-label="What to take back">
          <h2>What to take back, in this order</h2>
          <ol className="choke-points">
            {chokePoints.map(({ kind, id, sentence }) => {
              const artefact = artefactOf(kind, id)
              return (
                <li key={`${kind} ${id}`}>
                  {sentence}{' '}
                  {artefact === undefined ? null : (
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => change({ ask: 'revoke', revoke: [textOfArtefact(artefact)] })}
                    >
                      What if?
                    </Button>
                  )}
                </li>
              )
            })}
          </ol>
        </section>
      )}
      <ol className="paths-list">
        {paths.map((way) => (
          <li key={JSON.stringify(way.steps)} className="panel">
            <div className="row">
              <b>{counted(way.steps.length, 'step')}</b>
              <WayMarks way={way} />
            </div>
            <WaySteps way={way} />
          </li>
        ))}
      </ol>
    </>
  )
}
