import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { usePages } from '../../api/use-pages.ts'
import { useAsOf } from '../../app/as-of.ts'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { ShowPages } from '../../shared/paged.tsx'
import { atLeast } from '../../shared/short.ts'
import { Empty } from '../../shared/states.tsx'
import { useRefusal } from '../../shared/use-refusal.ts'
import { useTitle } from '../../shared/use-title.ts'
import { CaseTable } from './case-table.tsx'
import './cases.css'
import { type CasesSearch, SHOWN } from './cases-search.ts'
import { CASES, type CaseState, casesIn } from './documents.ts'
import { useSaying } from './use-saying.ts'

const route = getRouteApi('/cases')
const PAGE = 50
const NAMES = { open: 'Open', closed: 'Closed', all: 'All' } as const
const STATES: Readonly<Record<(typeof SHOWN)[number], CaseState[] | undefined>> = {
  open: ['OPEN'],
  closed: ['CLOSED'],
  all: undefined,
}

/** What people look into, and what they gathered. */
export function CasesScreen() {
  useTitle('Cases')
  const asOf = useAsOf()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/cases' })
  const { show = 'open' } = search
  const state = STATES[show]
  const variables = {
    first: PAGE,
    ...(state === undefined ? {} : { where: { state } }),
    ...(asOf === undefined ? {} : { asOf }),
  }
  const pages = usePages(CASES, variables, casesIn)
  const refusal = useRefusal('ANALYST')
  const change = (next: CasesSearch): void => void navigate({ search: next })
  const kept: CasesSearch = search.show === undefined ? {} : { show: search.show }
  const { nodes, total } = pages
  return (
    <div className="cases">
      <header className="row">
        <h1>Cases</h1>
        <SegmentedControl
          size="xs"
          aria-label="Which"
          data={SHOWN.map((value) => ({ value, label: NAMES[value] }))}
          value={show}
          onChange={(value) => change({ ...search, show: value as typeof show })}
        />
        <span className="dim" role="status">
          {total === undefined ? '' : atLeast(total, 'case')}
        </span>
        <span className="spread row">
          {search.write === 'yes' || asOf !== undefined ? null : (
            <Button
              size="xs"
              disabled={refusal !== undefined}
              onClick={() => change({ ...kept, write: 'yes' })}
            >
              New case
            </Button>
          )}
          <CopyMenu
            question={{ document: CASES, variables }}
            table={{ name: 'cases', columns: COLUMNS, rows: () => nodes }}
          />
        </span>
      </header>
      <p className="dim">
        A case gathers what belongs to one investigation, and keeps who did what to it. It changes
        no verdict and no finding.
      </p>
      {refusal === undefined ? null : <p className="dim">{refusal}</p>}
      {search.write === 'yes' && refusal === undefined ? (
        <NewCase cancel={() => change(kept)} />
      ) : null}
      <ShowPages pages={pages} what="cases">
        {body}
      </ShowPages>
    </div>
  )

  function body() {
    if (nodes.length === 0) {
      const title = { open: 'No case is open.', closed: 'No case is closed.', all: 'No cases.' }
      return (
        <Empty title={title[show]}>
          <p className="dim">
            Every row of findings, chains, agents and decisions can be added to one: by its button,
            or by the key c.
          </p>
        </Empty>
      )
    }
    return (
      <CaseTable rows={nodes}>
        {pages.hasMore ? (
          <Button size="xs" variant="default" onClick={pages.more}>
            Load more
          </Button>
        ) : null}
      </CaseTable>
    )
  }
}

const COLUMNS = [
  ...['id', 'title', 'state', 'size', 'version', 'openedAt', 'openedBy', 'updatedAt', 'updatedBy'],
  ...['closedAt', 'closedBy'],
] as const

function NewCase({ cancel }: { readonly cancel: () => void }) {
  const [title, setTitle] = useState('')
  const saying = useSaying()
  const navigate = useNavigate()
  const begin = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const taken = await saying.open(title, [])
    if (taken !== undefined) await navigate({ to: '/cases/$caseId', params: { caseId: taken.id } })
  }
  return (
    <form className="panel case-form" aria-label="New case" onSubmit={(event) => void begin(event)}>
      <TextInput
        label="What is looked into"
        maxLength={200}
        required
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" size="xs" disabled={saying.busy || title.trim() === ''}>
          Open the case
        </Button>
        <Button size="xs" variant="subtle" onClick={cancel}>
          Cancel
        </Button>
      </div>
      {saying.refused === undefined ? null : <p role="alert">Not opened: {saying.refused}</p>}
    </form>
  )
}
