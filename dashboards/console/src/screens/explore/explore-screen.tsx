import { SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useAsOf } from '../../app/as-of.ts'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Forbidden } from '../../shared/forbidden.tsx'
import { shortHash } from '../../shared/short.ts'
import { Failed, Loading, NotTold } from '../../shared/states.tsx'
import { BLAST_RADIUS } from './documents.ts'
import './explore.css'
import {
  type Change,
  type ExploreSearch,
  exploreSearch,
  QUESTIONS,
  type Subject,
  subjectOf,
} from './explore-search.ts'
import { COLUMNS, exportedRow, shownRows } from './reach-rows.ts'
import { ReachView } from './reach-view.tsx'
import { Starts } from './starts.tsx'
import { SubjectForm } from './subject-form.tsx'
import { reachVariables, useReach } from './use-reach.ts'
import { WhatIfView } from './what-if-view.tsx'

const route = getRouteApi('/explore')

/** S4: what somebody who holds one thing could reach, and what taking things back would have cost. */
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
  const subject = subjectOf(search)
  return (
    <div className="explore">
      <header className="explore-head">
        <h1>Explore</h1>
        <SubjectForm key={`${search.kind} ${search.id}`} subject={subject} explore={explore} />
      </header>
      {subject === undefined ? (
        <Starts explore={explore} />
      ) : (
        <Subjected subject={subject} search={search} change={change} explore={explore} />
      )}
    </div>
  )
}

function Subjected({
  subject,
  search,
  change,
  explore,
}: {
  readonly subject: Subject
  readonly search: ExploreSearch
  readonly change: Change
  readonly explore: (subject: Subject) => void
}) {
  const asOf = useAsOf()
  const { since, ask = 'reach' } = search
  const { kind, id } = subject
  const variables = useMemo(
    () => reachVariables({ kind, id }, since, asOf),
    [kind, id, since, asOf],
  )
  const { reach, isBusy, more, again } = useReach(variables)
  switch (reach.state) {
    case 'loading':
      return <Loading what={`what ${kind} ${id} reaches`} />
    case 'forbidden':
      return <Forbidden message={reach.message} />
    case 'failed':
      return <Failed message={reach.message} again={again} />
    case 'refused':
      return (
        <NotTold
          kind={reach.kind}
          title={`No ${kind} of this id is known.`}
          message={reach.message}
        />
      )
    case 'loaded':
      break
  }
  const rows = shownRows(reach.reach.rows, search)
  return (
    <>
      <div className="explore-ask">
        <SegmentedControl
          size="xs"
          aria-label="Question"
          data={QUESTIONS.map((value) => ({
            value,
            label: { reach: 'What could it reach?', revoke: 'What if it is taken back?' }[value],
          }))}
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
        {ask === 'reach' ? (
          <span className="spread">
            <CopyMenu
              question={{ document: BLAST_RADIUS, variables }}
              table={{
                name: `reach-${shortHash(id)}`,
                columns: COLUMNS,
                rows: () => rows.map(exportedRow),
              }}
            />
          </span>
        ) : null}
      </div>
      {ask === 'reach' ? (
        <ReachView
          subject={subject}
          reach={reach.reach}
          rows={rows}
          isBusy={isBusy}
          more={more}
          search={search}
          change={change}
          explore={explore}
        />
      ) : (
        <WhatIfView chokePoints={reach.reach.answer.chokePoints} search={search} change={change} />
      )}
    </>
  )
}
