import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { StateMark } from '../../shared/marks.tsx'
import { counted } from '../../shared/short.ts'
import { Empty, Loading } from '../../shared/states.tsx'
import { useKeys } from '../../shared/use-keys.ts'
import { canDraw } from './can-draw.ts'
import type { ReachRow } from './documents.ts'
import {
  type Change,
  type ExploreSearch,
  type Subject,
  subjectName,
  VIEWS,
} from './explore-search.ts'
import { FactMenu, type MenuAt } from './fact-menu.tsx'
import { factQuestions, keysOf } from './fact-questions.ts'
import { FACT_KEYS, REACH_KEYS } from './keys.ts'
import { reachGraph } from './reach-graph.ts'
import { ReachInspector } from './reach-inspector.tsx'
import { ReachNumbers } from './reach-numbers.tsx'
import { ReachSummary } from './reach-summary.tsx'
import { ReachTable } from './reach-table.tsx'
import type { LoadedReach } from './use-reach.ts'

const ReachPicture = lazy(() => import('./reach-picture.tsx'))

interface Props {
  readonly subject: Subject
  readonly reach: LoadedReach
  /** Those that the filters leave. */
  readonly rows: readonly ReachRow[]
  readonly isBusy: boolean
  readonly more: () => void
  readonly search: ExploreSearch
  readonly change: Change
  readonly explore: (subject: Subject) => void
  /** Asks something else. */
  readonly go: (search: ExploreSearch) => void
  readonly copy: ReactNode
}

/** The answer: what it comes to, its paths as a picture or as a table, and one fact of it beside them. */
export function ReachView(props: Props) {
  const { subject, reach, rows, isBusy, more, search, change, explore, go, copy } = props
  const { answer, hasMore } = reach
  const { select, view: wanted = 'picture' } = search
  const [isDrawn, setDrawn] = useState(canDraw)
  const view = isDrawn ? wanted : 'table'
  const { kind, id } = subject
  const name = subjectName(subject, answer.start.name)
  const graph = useMemo(
    () => reachGraph({ kind, id, name }, rows, answer.chokePoints),
    [kind, id, name, answer, rows],
  )
  const onSelect = (key: string | undefined): void => change({ select: key ?? '' }, true)
  const move = (by: number): void => {
    const at = graph.nodes.findIndex(({ key }) => key === select)
    const next = at === -1 ? 0 : Math.min(graph.nodes.length - 1, Math.max(0, at + by))
    onSelect(graph.nodes[next]?.key)
  }
  const letGo = (): void => onSelect(undefined)
  const selected = graph.nodes.find(({ key }) => key === select)
  const asks = factQuestions({ subject, search, change, go, explore })
  const [menu, setMenu] = useState<MenuAt>()
  const onMenu = (at: MenuAt): void => {
    onSelect(at.key)
    setMenu(at)
  }
  useKeys(REACH_KEYS, {
    ...(view === 'picture' ? { next: () => move(1), previous: () => move(-1) } : {}),
    letGo,
  })
  useKeys(FACT_KEYS, selected === undefined ? {} : keysOf(asks, selected))
  const pointed = graph.nodes.find(({ key }) => key === menu?.key)
  return (
    <>
      <ReachNumbers name={name} answer={answer} search={search} change={change} />
      <div className="explore-bar">
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={VIEWS.map((value) => ({
            value,
            label: { picture: 'Picture', table: 'Table' }[value],
          }))}
          value={view}
          disabled={!isDrawn}
          onChange={(value) => change({ view: value as typeof view })}
        />
        <TextInput
          size="xs"
          aria-label="Paths to"
          placeholder="Paths to an agent, a tool, a resource"
          value={search.to ?? ''}
          onChange={(event) => change({ to: event.currentTarget.value }, true)}
          className="explore-to"
        />
        <span className="dim" role="status">
          {countWords(rows.length, reach)}
          {view === 'picture' && graph.drawn < rows.length
            ? `; the first ${graph.drawn} are drawn, gravest first, and the table has the others`
            : ''}
        </span>
        {isDrawn ? null : (
          <StateMark
            word={{ text: 'this browser draws no WebGL: the table says the same', tone: 'gap' }}
          />
        )}
        {answer.cappedBy.length === 0 ? null : (
          <StateMark
            word={{
              text: `not all was read: capped by ${answer.cappedBy.join(', ')}`,
              tone: 'gap',
            }}
          />
        )}
        {hasMore ? (
          <Button size="compact-xs" variant="default" onClick={more} loading={isBusy}>
            Load more
          </Button>
        ) : null}
        <span className="spread">{copy}</span>
      </div>
      <div className="explore-body">
        <div className="explore-view">{body()}</div>
        {selected === undefined ? (
          <ReachSummary answer={answer} search={search} change={change} />
        ) : (
          <ReachInspector
            node={selected}
            close={() => onSelect(undefined)}
            change={change}
            asks={asks}
          />
        )}
      </div>
      {menu === undefined || pointed === undefined ? null : (
        <FactMenu at={menu} node={pointed} asks={asks} close={() => setMenu(undefined)} />
      )}
    </>
  )

  function body() {
    if (reach.rows.length === 0) {
      return (
        <Empty title="Nothing that is recorded follows from it.">
          <p className="dim">
            No grant, approval or permission of it is in force, and none was used since. What was
            not sent is not known to be absent.
          </p>
        </Empty>
      )
    }
    if (rows.length === 0) {
      return (
        <Empty title="No permission fits these filters.">
          <Button
            variant="default"
            onClick={() => change({ only: '', effect: '', agent: [], to: '', zone: '' })}
          >
            Take all filters away
          </Button>
        </Empty>
      )
    }
    if (view === 'table')
      return <ReachTable rows={rows} select={select} onSelect={onSelect} onMenu={onMenu} />
    return (
      <Suspense fallback={<Loading what="the picture" />}>
        <ReachPicture
          graph={graph}
          select={selected?.key}
          onSelect={onSelect}
          onMenu={onMenu}
          onFailure={() => setDrawn(false)}
        />
        <Legend />
      </Suspense>
    )
  }
}

function countWords(shown: number, { rows, answer, hasMore }: LoadedReach): string {
  const all = counted(rows.length, 'permission')
  const some = shown === rows.length ? all : `${shown} of ${all}`
  return hasMore ? `${some}, of ${answer.reachable.rows} the gravest that were loaded` : some
}

function Legend() {
  return (
    <ul className="reach-legend" aria-label="Colours of the picture">
      <li className="legend-start">where it starts</li>
      <li className="legend-granted">permission that was granted</li>
      <li className="legend-inherited">permission by inheritance</li>
      <li className="legend-choke">choke point</li>
      <li className="legend-fact">link, approval, call, …</li>
    </ul>
  )
}
