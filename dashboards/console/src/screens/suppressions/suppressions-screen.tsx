import { Button, SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { useAsOf } from '../../app/as-of.ts'
import { Show } from '../../shared/asked.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { counted } from '../../shared/short.ts'
import { Empty } from '../../shared/states.tsx'
import { useRefusal } from '../../shared/use-refusal.ts'
import { SUPPRESSIONS, type SuppressionRow } from './documents.ts'
import { SuppressionForm } from './suppression-form.tsx'
import { SuppressionTable } from './suppression-table.tsx'
import './suppressions.css'
import { useTitle } from '../../shared/use-title.ts'
import { SHOWN, type SuppressionsSearch } from './suppressions-search.ts'
import { useSaying } from './use-saying.ts'

const route = getRouteApi('/suppressions')

const NAMES = { active: 'Active', ended: 'Ended', all: 'All' } as const

/** Rules that hide findings: which there are, what each hides now, and new ones. */
export function SuppressionsScreen() {
  useTitle('Suppressions')
  const asOf = useAsOf()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/suppressions' })
  const { show = 'active' } = search
  const variables = {
    ...(show === 'all' ? {} : { active: show === 'active' }),
    ...(asOf === undefined ? {} : { asOf }),
  }
  const asked = useAsk(SUPPRESSIONS, variables)
  const refusal = useRefusal('ADMIN')
  const saying = useSaying()
  const change = (next: SuppressionsSearch): void => void navigate({ search: next })
  const again = (): void => {
    if (asked.state === 'answered') asked.again()
  }
  const kept: SuppressionsSearch = search.show === undefined ? {} : { show: search.show }
  return (
    <div className="suppressions">
      <header className="row">
        <h1>Suppressions</h1>
        <SegmentedControl
          size="xs"
          aria-label="Which"
          data={SHOWN.map((value) => ({ value, label: NAMES[value] }))}
          value={show}
          onChange={(value) => change({ ...search, show: value as typeof show })}
        />
        <span className="spread row">
          {search.write === 'yes' || asOf !== undefined ? null : (
            <Button
              size="xs"
              disabled={refusal !== undefined}
              onClick={() => change({ ...kept, write: 'yes' })}
            >
              New suppression
            </Button>
          )}
          <CopyMenu
            question={{ document: SUPPRESSIONS, variables }}
            table={{
              name: 'suppressions',
              columns: COLUMNS,
              rows: () =>
                (asked.state === 'answered' ? asked.data.suppressions.nodes : []).map(row),
            }}
          />
        </span>
      </header>
      <p className="dim">
        A suppression hides findings from the open ones and from alerts until its time is over; it
        changes no verdict, and what it hides is found under All.
      </p>
      {refusal === undefined ? null : <p className="dim">{refusal}</p>}
      {search.write === 'yes' && refusal === undefined ? (
        <SuppressionForm
          search={search}
          show={change}
          cancel={() => change(kept)}
          done={() => {
            change(kept)
            again()
          }}
        />
      ) : null}
      {saying.refused === undefined ? null : (
        <p role="alert">Nothing was changed: {saying.refused}</p>
      )}
      <Show asked={asked} what="suppressions">
        {({ suppressions: { nodes, totalCount } }) =>
          nodes.length === 0 ? (
            <Empty title={show === 'ended' ? 'None has ended.' : 'Nothing is suppressed.'} />
          ) : (
            <>
              <p className="dim" role="status">
                {counted(totalCount.value, 'suppression')}
                {nodes.length < totalCount.value ? `, the newest ${nodes.length} of them` : ''}
              </p>
              <SuppressionTable
                rows={nodes}
                mayEnd={refusal === undefined}
                saying={saying}
                ended={again}
              />
            </>
          )
        }
      </Show>
    </div>
  )
}

const COLUMNS = [
  'id',
  'active',
  'matcher',
  'reason',
  'owner',
  'createdAt',
  'until',
  'endedAt',
  'endedBy',
  'hides',
] as const

function row({ matcher, hides, ...rest }: SuppressionRow) {
  return { ...rest, matcher: JSON.stringify(matcher), hides: hides.totalCount.value }
}
