import { SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import './explore.css'
import {
  type Change,
  type ExploreSearch,
  exploreSearch,
  type QUESTIONS,
  questionsOf,
  type Subject,
  subjectOf,
} from './explore-search.ts'
import { FollowBar } from './paths/follow-bar.tsx'
import './paths/paths.css'
import { useTitle } from '../../shared/use-title.ts'
import { PathsView } from './paths/paths-view.tsx'
import { ReachedByView } from './paths/reached-by-view.tsx'
import { ReachQuestion } from './reach-question.tsx'
import { Starts } from './starts.tsx'
import { SubjectForm } from './subject-form.tsx'

const route = getRouteApi('/explore')

/** S4: what somebody who holds one thing could reach, by which ways, who could reach it, and what if it were gone. */
export function ExploreScreen() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/explore' })
  const change = useCallback<Change>(
    (part, replace = false) =>
      void navigate({ search: (before) => exploreSearch({ ...before, ...part }), replace }),
    [navigate],
  )
  // Another subject is another question: nothing of the answer before is kept but how it is looked at.
  const explore = useCallback(
    ({ kind, id }: Subject) =>
      void navigate({ search: ({ view }) => exploreSearch({ kind, id, view }) }),
    [navigate],
  )
  const go = useCallback(
    (next: ExploreSearch) => void navigate({ search: exploreSearch({ ...next }) }),
    [navigate],
  )
  const subject = subjectOf(search)
  useTitle(subject === undefined ? 'Explore' : `Explore ${subject.kind} ${subject.id}`)
  return (
    <div className="explore">
      <header className="explore-head">
        <h1>Explore</h1>
        <SubjectForm key={`${search.kind} ${search.id}`} subject={subject} explore={explore} />
      </header>
      {subject === undefined ? (
        <Starts
          explore={explore}
          find={search.find ?? ''}
          setFind={(find) => change({ find }, true)}
        />
      ) : (
        <Subjected subject={subject} search={search} change={change} explore={explore} go={go} />
      )}
    </div>
  )
}

function Subjected({
  subject,
  search,
  change,
  explore,
  go,
}: {
  readonly subject: Subject
  readonly search: ExploreSearch
  readonly change: Change
  readonly explore: (subject: Subject) => void
  readonly go: (search: ExploreSearch) => void
}) {
  const { since } = search
  const questions = questionsOf(subject)
  const ask = questions.find((one) => one === (search.ask ?? 'reach')) ?? 'reached'
  return (
    <>
      <div className="explore-ask">
        <SegmentedControl
          size="xs"
          aria-label="Question"
          data={questions.map((value) => ({ value, label: WORDS[value] }))}
          value={ask}
          onChange={(value) => change({ ask: value as typeof ask })}
        />
        <label className="explore-since">
          used since
          <input
            type="date"
            value={since?.slice(0, 10) ?? ''}
            onChange={(event) => {
              const day = event.currentTarget.value
              change({ since: day === '' ? '' : `${day}T00:00:00Z` })
            }}
          />
        </label>
        {ask === 'revoke' ? null : (
          <FollowBar search={search} change={change} inForce={ask !== 'reach'} />
        )}
      </div>
      {body()}
    </>
  )

  function body() {
    switch (ask) {
      case 'paths':
        return <PathsView subject={subject} search={search} change={change} />
      case 'reached':
        return <ReachedByView subject={subject} search={search} go={go} />
      case 'reach':
      case 'revoke':
        return (
          <ReachQuestion
            subject={subject}
            search={search}
            change={change}
            explore={explore}
            go={go}
          />
        )
    }
  }
}

const WORDS: Readonly<Record<(typeof QUESTIONS)[number], string>> = {
  reach: 'What could it reach?',
  paths: 'By which ways?',
  reached: 'Who could reach it?',
  revoke: 'What if it is taken back?',
}
