import { Button, SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { usePages } from '../../api/use-pages.ts'
import { useAsOf } from '../../app/as-of.ts'
import { Show } from '../../shared/asked.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Instant } from '../../shared/instant.tsx'
import { counted } from '../../shared/short.ts'
import { Failed, Loading, PageNotTold } from '../../shared/states.tsx'
import { useRefusal } from '../../shared/use-refusal.ts'
import { useTitle } from '../../shared/use-title.ts'
import { CaseActions } from './case-actions.tsx'
import { CaseStateTag } from './case-table.tsx'
import { CaseTimeline } from './case-timeline.tsx'
import './cases.css'
import { type CaseSearch, VIEWS } from './cases-search.ts'
import {
  CASE,
  CASE_HISTORY,
  CASE_ITEMS,
  type CaseItem,
  type CaseRow,
  historyIn,
  itemsIn,
} from './documents.ts'
import { ItemTable } from './item-table.tsx'
import { subjectWords } from './subject-words.ts'
import { useAllPages } from './use-all-pages.ts'
import { useSaying } from './use-saying.ts'

const route = getRouteApi('/cases/$caseId')
/** Things are loaded with what their screens say of them: more at once would be too much of one answer. */
const ITEMS = 50
const WORDS = 100

/** One case: what was gathered, and what people did to it, in the order of time. */
export function CaseScreen() {
  const { caseId: id } = route.useParams()
  const asOf = useAsOf()
  const asked = useAsk(CASE, { id, ...(asOf === undefined ? {} : { asOf }) })
  return (
    <div className="cases">
      <Show asked={asked} what="the case">
        {({ case: told }) =>
          told.__typename === 'Case' ? (
            <Content
              key={told.id}
              of={told}
              again={() => asked.state === 'answered' && asked.again()}
            />
          ) : (
            <PageNotTold kind={told.__typename} title="No such case." message={told.message} />
          )
        }
      </Show>
    </div>
  )
}

function Content({ of, again }: { readonly of: CaseRow; readonly again: () => void }) {
  useTitle(`Case ${of.title}`)
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/cases/$caseId' })
  const change = (next: CaseSearch): void => void navigate({ search: next, replace: true })
  const { view = 'timeline', write: _, ...rest } = search
  const asOf = useAsOf()
  const at = { id: of.id, ...(asOf === undefined ? {} : { asOf }) }
  const items = usePages(CASE_ITEMS, { ...at, first: ITEMS }, itemsIn)
  const words = usePages(CASE_HISTORY, { ...at, first: WORDS }, historyIn)
  const saying = useSaying()
  const refusal = useRefusal('ANALYST')
  useAllPages(items)
  const refresh = (): void => {
    again()
    items.again()
    words.again()
  }
  const take = async ({ kind, id }: CaseItem): Promise<void> => {
    if ((await saying.take(of, [{ kind, id }])) !== undefined) refresh()
  }
  const mayTake = refusal === undefined && of.state === 'OPEN'
  const failed = [items, words].find((pages) => pages.state === 'failed')
  return (
    <>
      <header className="case-head">
        <div className="row">
          <h1>{of.title}</h1>
          <CaseStateTag state={of.state} />
          <span className="dim" role="status">
            {counted(of.size, 'item')}
          </span>
          <span className="spread row">
            <SegmentedControl
              size="xs"
              aria-label="Shown as"
              data={VIEWS.map((value) => ({
                value,
                label: { timeline: 'Timeline', table: 'Table' }[value],
              }))}
              value={view}
              onChange={(value) => change({ ...search, view: value as typeof view })}
            />
            {view === 'table' ? null : (
              <Button
                size="xs"
                variant="default"
                aria-pressed={search.fold === 'yes'}
                onClick={() => {
                  const { fold, ...others } = search
                  change(fold === 'yes' ? others : { ...others, fold: 'yes' })
                }}
              >
                Fold comments
              </Button>
            )}
            <CopyMenu
              question={{ document: CASE_ITEMS, variables: { ...at, first: ITEMS } }}
              table={{ name: 'case', columns: COLUMNS, rows: () => items.nodes.map(exported) }}
            />
          </span>
        </div>
        <p className="dim">
          Opened <Instant at={of.openedAt} /> by {of.openedBy}
          {of.closedAt === null ? null : (
            <>
              , closed <Instant at={of.closedAt} /> by {of.closedBy}
            </>
          )}
        </p>
        <CaseActions
          of={of}
          refusal={refusal}
          saying={saying}
          write={search.write}
          show={(write) => change(write === undefined ? { view, ...rest } : { ...search, write })}
          changed={refresh}
        />
      </header>
      {failed === undefined ? body() : <Failed message={failed.message} again={refresh} />}
    </>
  )

  function body() {
    if (items.state === 'loading' || words.state === 'loading') return <Loading what="the case" />
    const isFolded = search.fold === 'yes'
    return view === 'table' ? (
      <ItemTable items={items.nodes} take={mayTake && !saying.busy ? take : undefined} />
    ) : (
      <CaseTimeline events={words.nodes} items={items.nodes} isFolded={isFolded}>
        {words.hasMore ? (
          <Button size="xs" variant="default" onClick={words.more}>
            Load more
          </Button>
        ) : null}
      </CaseTimeline>
    )
  }
}

const COLUMNS = ['kind', 'id', 'says', 'at', 'addedAt', 'addedBy', 'note'] as const

function exported(item: CaseItem) {
  const { kind, id, addedAt, addedBy, note } = item
  const { sentence, at } = subjectWords(item)
  return { kind, id, says: sentence, at, addedAt, addedBy, note }
}
