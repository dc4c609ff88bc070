import { Button } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { FeedState, FindingEvent } from '../../api/finding-feed.ts'
import { useFindingFeed } from '../../api/use-finding-feed.ts'
import { useAsOf } from '../../app/as-of.ts'
import { Forbidden } from '../../shared/forbidden.tsx'
import type { Word } from '../../shared/link-words.ts'
import { StateMark } from '../../shared/marks.tsx'
import { counted } from '../../shared/short.ts'
import { Empty } from '../../shared/states.tsx'
import { ChangeTable } from './change-table.tsx'
import './live.css'
import { useTitle } from '../../shared/use-title.ts'
import { fits, LiveFilter } from './live-filter.tsx'
import { type LiveSearch, liveSearch } from './live-search.ts'
import { PastChanges } from './past-changes.tsx'
import { PulseBar } from './pulse-bar.tsx'
import { KEPT, NOTHING, type Stream, withEvents } from './stream.ts'
import { useEarlier } from './use-earlier.ts'

const route = getRouteApi('/live')

const STATES: Readonly<Record<FeedState, Word>> = {
  connecting: { text: 'connecting', tone: 'unknown' },
  live: { text: 'live', tone: 'good' },
  reconnecting: { text: 'reconnecting; what was missed will come', tone: 'unknown' },
  gap: { text: 'what came before now is not kept any more: see the findings', tone: 'bad' },
  'signed-out': { text: 'signed out', tone: 'bad' },
  forbidden: { text: 'not allowed', tone: 'bad' },
}

/** S5: changes of findings as they are learned; a restart of the collector loses none. Of the past, those of then. */
export function LiveScreen() {
  useTitle('Live')
  const asOf = useAsOf()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/live' })
  const set = (part: Readonly<Record<string, unknown>>): void =>
    void navigate({ search: liveSearch({ ...search, ...part }), replace: true })
  return asOf === undefined ? (
    <Changes search={search} set={set} />
  ) : (
    <PastChanges asOf={asOf} search={search} set={set} />
  )
}

function Changes({
  search,
  set,
}: {
  readonly search: LiveSearch
  readonly set: (part: Readonly<Record<string, unknown>>) => void
}) {
  const [stream, setStream] = useState<Stream>(NOTHING)
  const isPaused = search.paused === 'yes'
  const waiting = useRef<FindingEvent[]>([])
  const [held, setHeld] = useState(0)
  const state = useFindingFeed((event) => {
    waiting.current.push(event)
    setHeld(waiting.current.length)
  })
  // One change of the page for a burst of events.
  useEffect(() => {
    if (isPaused || held === 0) return
    const came = waiting.current
    waiting.current = []
    setHeld(0)
    setStream((before) => withEvents(before, came))
  }, [held, isPaused])
  const shown = stream.events.filter((event) => fits(event, search))
  const earlier = useEarlier(stream.events).filter((event) => fits(event, search))
  if (state === 'forbidden' || (state === 'signed-out' && stream.count === 0))
    return <Forbidden message="the stream of findings is not for this role" />
  return (
    <div className="live">
      <header className="live-head">
        <h1>Live</h1>
        <span role="status">
          <StateMark word={STATES[state]} />
        </span>
        <span className="dim">{counted(stream.count, 'change')} since this page opened</span>
        <span className="spread row">
          <LiveFilter search={search} set={set} />
          <Button
            size="xs"
            variant="default"
            onClick={() => set({ paused: isPaused ? undefined : 'yes' })}
          >
            {isPaused ? `Go on${held === 0 ? '' : `, ${held} wait`}` : 'Pause'}
          </Button>
        </span>
        <PulseBar isPaused={isPaused} />
      </header>
      {shown.length === 0 && earlier.length === 0 ? (
        <Empty title="Nothing new yet.">
          <p className="dim">
            Changes of findings appear here when they are learned. What is known already:{' '}
            <Link to="/findings">findings</Link>.
          </p>
        </Empty>
      ) : (
        <ChangeTable
          events={shown}
          {...(earlier.length === 0
            ? {}
            : {
                earlier: {
                  title: `${shown.length === 0 ? 'Nothing new yet. ' : ''}Learned before this page opened`,
                  events: earlier,
                },
              })}
        >
          {stream.count > KEPT ? (
            <p className="dim">Only the newest {KEPT} are kept here.</p>
          ) : null}
        </ChangeTable>
      )}
    </div>
  )
}
