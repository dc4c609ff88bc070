import { useMemo } from 'react'
import { useAsOf } from '../../app/as-of.ts'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Forbidden } from '../../shared/forbidden.tsx'
import { shortHash } from '../../shared/short.ts'
import { Failed, Loading, NotTold } from '../../shared/states.tsx'
import { BLAST_RADIUS } from './documents.ts'
import type { Change, ExploreSearch, Subject } from './explore-search.ts'
import { COLUMNS, exportedRow, shownRows } from './reach-rows.ts'
import { ReachView } from './reach-view.tsx'
import { reachVariables, useReach } from './use-reach.ts'
import { WhatIfView } from './what-if-view.tsx'

/** What a subject reaches, and what taking things back would have cost: both begin with its blast radius. */
export function ReachQuestion({
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
  const asOf = useAsOf()
  const { since, avoid, rules, within, ask = 'reach' } = search
  const { kind, id } = subject
  const asked = JSON.stringify({ since, avoid, rules, within })
  const variables = useMemo(
    () => reachVariables({ kind, id }, JSON.parse(asked) as ExploreSearch, asOf),
    [kind, id, asked, asOf],
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
  if (ask === 'revoke')
    return (
      <WhatIfView chokePoints={reach.reach.answer.chokePoints} search={search} change={change} />
    )
  const rows = shownRows(reach.reach.rows, search)
  return (
    <ReachView
      subject={subject}
      reach={reach.reach}
      rows={rows}
      isBusy={isBusy}
      more={more}
      search={search}
      change={change}
      explore={explore}
      go={go}
      copy={
        <CopyMenu
          question={{ document: BLAST_RADIUS, variables }}
          table={{
            name: `reach-${shortHash(id)}`,
            columns: COLUMNS,
            rows: () => rows.map(exportedRow),
          }}
        />
      }
    />
  )
}
