import { Button } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { useAsk } from '../../api/ask.ts'
import { useFindingFeed } from '../../api/use-finding-feed.ts'
import { useAsOf } from '../../app/as-of.ts'
import { ViewsMenu } from '../../app/views/views-menu.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Forbidden } from '../../shared/forbidden.tsx'
import { useOwnName } from '../../shared/own-name.ts'
import { atLeast, counted } from '../../shared/short.ts'
import { Empty, Failed, Loading } from '../../shared/states.tsx'
import { useTitle } from '../../shared/use-title.ts'
import { FINDING_GROUPS, FINDING_PAGE, INBOX_COUNTS, INBOX_FIGURES } from './documents.ts'
import { EXPORTED, exportedRows } from './export.ts'
import { Figures, figuresAt } from './figures.tsx'
import { FilterBar } from './filter-bar.tsx'
import { FindingList } from './finding-list.tsx'
import { FindingPanel } from './finding-panel.tsx'
import type { EntryQuery } from './inbox-entries.ts'
import { rowsOf } from './inbox-rows.ts'
import { countsOf, type InboxSearch, orderOf, whereOf } from './inbox-search.ts'
import './inbox.css'
import { type Heard, NOTHING_HEARD, newsOf, withHeard } from './heard.ts'
import { InboxTabs } from './inbox-tabs.tsx'
import { PostureScreen } from './posture/posture-screen.tsx'
import { useEntryPages } from './use-entry-pages.ts'
import { useMembers } from './use-members.ts'
import { useNow } from './use-now.ts'

const route = getRouteApi('/findings')

/** S1: what was found, or how that stands and went. */
export function InboxScreen() {
  const search = route.useSearch()
  useTitle(search.tab === 'posture' ? 'Posture' : 'Findings')
  const navigate = useNavigate({ from: '/findings' })
  const change = useCallback(
    (next: InboxSearch, replace = false) => void navigate({ search: next, replace }),
    [navigate],
  )
  return search.tab === 'posture' ? (
    <PostureScreen search={search} change={change} />
  ) : (
    <Inbox search={search} change={change} />
  )
}

/** The findings, newest first, with the one that is looked at beside them. */
function Inbox({
  search,
  change,
}: {
  readonly search: InboxSearch
  readonly change: (next: InboxSearch, replace?: boolean) => void
}) {
  const { group = 'repetition', unfold, finding } = search
  const asOf = useAsOf()
  const own = useOwnName()
  // Until it is known, nothing is anybody's.
  const { name: ownName = '' } = own
  const [now, tellTime] = useNow(search.after, asOf)
  const reader = { name: ownName, now }
  const where = whereOf(search, reader)
  const orderBy = orderOf(search)
  const query: EntryQuery = { group, where, orderBy, asOf }
  const pages = useEntryPages(query)
  const at = asOf === undefined ? {} : { asOf }
  const counts = useAsk(INBOX_COUNTS, { ...countsOf(search, reader), ...at })
  const figures = useAsk(INBOX_FIGURES, figuresAt(now), asOf !== undefined)
  const [heard, setHeard] = useState<Heard>(NOTHING_HEARD)
  useFindingFeed(({ cursor }) => setHeard((before) => withHeard(before, cursor)))
  const changes = newsOf(heard, pages.upTo)
  const unfolded = useMemo(() => {
    const keys = new Set(unfold)
    return pages.entries.filter(({ key, findings }) => findings > 1 && keys.has(key))
  }, [pages.entries, unfold])
  const members = useMembers(query, pages.round, unfolded)
  const rows = useMemo(
    () => rowsOf(pages.entries, new Set(unfold), members.of),
    [pages.entries, unfold, members.of],
  )
  const { total } = pages
  const refresh = (): void => {
    setHeard(NOTHING_HEARD)
    tellTime()
    pages.again()
    for (const asked of [counts, figures]) if (asked.state === 'answered') asked.again()
  }
  const variables = { first: 50, where, orderBy, ...at }
  const question =
    group === 'none'
      ? { document: FINDING_PAGE, variables }
      : {
          document: FINDING_GROUPS,
          variables: {
            ...variables,
            by: group === 'incident' ? 'INCIDENT' : 'SERIES',
            counted: true,
          },
        }
  const table = { name: 'findings', columns: EXPORTED, rows: () => exportedRows(rows) }
  return (
    <div className={finding === undefined ? 'inbox' : 'inbox inbox-with-panel'}>
      <section className="inbox-main" aria-label="Findings">
        <div className="inbox-head">
          <h1>Findings</h1>
          <InboxTabs
            search={search}
            change={change}
            counts={counts.state === 'answered' ? counts.data : undefined}
            own={own}
          />
          {changes === 0 || asOf !== undefined ? null : (
            <Button size="xs" variant="default" onClick={refresh}>
              {counted(changes, 'change')} since, show
            </Button>
          )}
          <div className="spread row">
            <CopyMenu
              question={question}
              table={table}
              cypher={{ findings: { first: 50, where, orderBy } }}
            />
          </div>
        </div>
        {figures.state === 'answered' && asOf === undefined ? (
          <Figures data={figures.data} />
        ) : null}
        <FilterBar
          search={search}
          change={change}
          found={total === undefined ? '' : atLeast(total, 'finding')}
        >
          <ViewsMenu search={search} />
        </FilterBar>
        {pages.isStale === true && rows.length > 0 ? (
          <p role="alert" className="finding-more">
            The list could not be loaded anew, and is as it was. {pages.message}{' '}
            <Button size="compact-xs" variant="default" onClick={pages.retry}>
              Try again
            </Button>
          </p>
        ) : null}
        {body()}
      </section>
      {finding === undefined ? null : (
        <FindingPanel
          key={finding}
          id={finding}
          changed={refresh}
          close={() => {
            const { finding: _, runbook: __, ...rest } = search
            change(rest)
          }}
        />
      )}
    </div>
  )

  function body() {
    if (pages.state === 'forbidden') return <Forbidden message={pages.message} />
    if (pages.state === 'failed' && rows.length === 0) {
      return <Failed message={pages.message} again={pages.retry} />
    }
    if (pages.state === 'loading') return <Loading what="findings" />
    if (rows.length === 0) return <NoFindings search={search} change={change} />
    return (
      <FindingList
        rows={rows}
        pages={pages}
        members={members}
        search={search}
        change={change}
        ownName={own.name}
        again={refresh}
      />
    )
  }
}

/** What of the URL takes no finding away. */
const ASIDE: ReadonlySet<string> = new Set([
  ...[
    'asOf',
    'tab',
    'days',
    'trend',
    'actions',
    'hidden',
    'group',
    'order',
    'direction',
    'finding',
    'unfold',
  ],
  'runbook',
])

function NoFindings({
  search,
  change,
}: {
  readonly search: InboxSearch
  readonly change: (next: InboxSearch) => void
}) {
  const isFiltered = Object.keys(search).some((name) => !ASIDE.has(name))
  if (isFiltered) {
    const { tab } = search
    return (
      <Empty title="No finding fits these filters.">
        <Button variant="default" onClick={() => change(tab === undefined ? {} : { tab })}>
          Take all filters away
        </Button>
      </Empty>
    )
  }
  if (search.tab === 'mine') return <Empty title="Nothing open is yours." />
  if (search.tab === 'accepted') return <Empty title="No finding is accepted." />
  if (search.tab === 'closed') return <Empty title="No finding is closed." />
  if (search.tab === 'withdrawn') return <Empty title="No finding was withdrawn." />
  if (search.tab === undefined) {
    return (
      <Empty title="Nothing to act on.">
        <p className="dim">
          No open finding waits. Agents that send no links are not seen: `npm run delegraph --
          doctor` says what arrives.
        </p>
        <Button variant="default" onClick={() => change({ tab: 'all' })}>
          All findings
        </Button>
      </Empty>
    )
  }
  return (
    <Empty title="No findings.">
      <p className="dim">
        Every action that was seen is explained by a permission of its own. Agents that send no
        links are not seen: `npm run delegraph -- doctor` says what arrives.
      </p>
    </Empty>
  )
}
