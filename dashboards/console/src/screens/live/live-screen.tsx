import { Button, Switch } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { FeedState, FindingEvent } from '../../api/finding-feed.ts'
import { useFindingFeed } from '../../api/use-finding-feed.ts'
import { useAsOf } from '../../app/as-of.ts'
import { OnlyNow } from '../../app/as-of-banner.tsx'
import { Instant } from '../../shared/instant.tsx'
import type { Word } from '../../shared/link-words.ts'
import { GradeMark, Severity, StateMark, Tag } from '../../shared/marks.tsx'
import { SeveritySelect } from '../../shared/severity-select.tsx'
import { counted } from '../../shared/short.ts'
import { Empty, Forbidden } from '../../shared/states.tsx'
import './live.css'
import { type LiveSearch, liveSearch } from './live-search.ts'
import { KEPT, NOTHING, type Stream, withEvents } from './stream.ts'

const route = getRouteApi('/live')

const STATES: Readonly<Record<FeedState, Word>> = {
  connecting: { text: 'connecting', tone: 'unknown' },
  live: { text: 'live', tone: 'good' },
  reconnecting: { text: 'reconnecting; what was missed will come', tone: 'unknown' },
  gap: { text: 'what came before now is not kept any more: see the findings', tone: 'bad' },
  forbidden: { text: 'not allowed', tone: 'bad' },
}

/** S5: changes of findings as they are learned; a restart of the collector loses none. */
export function LiveScreen() {
  const asOf = useAsOf()
  return asOf === undefined ? <Changes /> : <OnlyNow what="The stream" why={WHY_NOT_THEN} />
}

const WHY_NOT_THEN =
  'It tells what is learned while somebody watches. What was known by then is among the findings.'

function Changes() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/live' })
  const [stream, setStream] = useState<Stream>(NOTHING)
  const [isPaused, setPaused] = useState(false)
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
  const set = (part: Readonly<Record<string, unknown>>): void =>
    void navigate({ search: liveSearch({ ...search, ...part }), replace: true })
  const shown = stream.events.filter((event) => fits(event, search))
  if (state === 'forbidden')
    return <Forbidden message="The stream of findings is not for this role." />
  return (
    <div className="live">
      <header className="live-head">
        <h1>Live</h1>
        <span role="status">
          <StateMark word={STATES[state]} />
        </span>
        <span className="dim">{counted(stream.count, 'change')} since this page opened</span>
        <span className="spread row">
          <Switch
            size="xs"
            label="Only what wakes somebody"
            checked={search.pages === 'true'}
            onChange={(event) => set({ pages: event.currentTarget.checked ? 'true' : undefined })}
          />
          <SeveritySelect value={search.severity} change={(severity) => set({ severity })} />
          <Button size="xs" variant="default" onClick={() => setPaused(!isPaused)}>
            {isPaused ? `Go on${held === 0 ? '' : `, ${held} wait`}` : 'Pause'}
          </Button>
        </span>
      </header>
      {shown.length === 0 ? (
        <Empty title="Nothing new yet.">
          <p className="dim">
            Changes of findings appear here when they are learned. What is known already:{' '}
            <Link to="/findings">findings</Link>.
          </p>
        </Empty>
      ) : (
        <div className="live-scroll" tabIndex={0} role="region" aria-label="Changes">
          <table className="matrix live-table">
            <thead>
              <tr>
                <th scope="col">Learned</th>
                <th scope="col">Change</th>
                <th scope="col">Severity</th>
                <th scope="col">What happened</th>
                <th scope="col">Evidence</th>
                <th scope="col">Chain</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((event) => (
                <EventRow key={event.cursor} event={event} />
              ))}
            </tbody>
          </table>
          {stream.count > KEPT ? (
            <p className="dim">Only the newest {KEPT} are kept here.</p>
          ) : null}
        </div>
      )}
    </div>
  )
}

function EventRow({ event }: { readonly event: FindingEvent }) {
  const { finding, change, learnedAt } = event
  return (
    <tr data-cursor={event.cursor}>
      <td>
        <Instant at={learnedAt} />
      </td>
      <td>
        <Tag>{change.toLowerCase()}</Tag>
      </td>
      <td>
        <Severity value={finding.severity} />
      </td>
      <td>
        <Link to="/findings" search={{ finding: finding.id, tab: 'all' }}>
          {finding.rule} {finding.title}
        </Link>
      </td>
      <td>
        <GradeMark grade={finding.grade} />
      </td>
      <td>
        {finding.chain === null ? (
          <span className="dim">none</span>
        ) : (
          <Link
            to="/chains/$chainId"
            params={{ chainId: finding.chain.id }}
            search={finding.action === null ? {} : { select: finding.action.id }}
          >
            chain
          </Link>
        )}
      </td>
    </tr>
  )
}

function fits({ finding }: FindingEvent, { severity, pages }: LiveSearch): boolean {
  return finding.severity >= Number(severity ?? 1) && (pages === undefined || finding.pages)
}
