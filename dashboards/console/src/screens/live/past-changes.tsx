import { FINDING_EVENTS } from '../../api/documents.ts'
import type { ResultOf } from '../../api/graphql.ts'
import { usePages } from '../../api/use-pages.ts'
import type { AsOf } from '../../app/as-of.ts'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { MorePages, ShowPages } from '../../shared/paged.tsx'
import { counted } from '../../shared/short.ts'
import { Empty } from '../../shared/states.tsx'
import { ChangeTable } from './change-table.tsx'
import { fits, LiveFilter } from './live-filter.tsx'
import type { LiveSearch } from './live-search.ts'

const PAGE = 100

const eventsIn = ({ findingEvents }: ResultOf<typeof FINDING_EVENTS>) => findingEvents

/** The changes that had been learned by an instant, the newest first: nothing comes any more. */
export function PastChanges({
  asOf,
  search,
  set,
}: {
  readonly asOf: AsOf
  readonly search: LiveSearch
  readonly set: (part: Readonly<Record<string, unknown>>) => void
}) {
  const variables = { first: PAGE, asOf }
  const pages = usePages(FINDING_EVENTS, variables, eventsIn)
  const { nodes, total } = pages
  const shown = nodes.filter((event) => fits(event, search))
  return (
    <div className="live">
      <header className="live-head">
        <h1>Live</h1>
        <span role="status">
          {total === undefined
            ? ''
            : `${counted(total.value, 'change')}${total.approximate ? ' or more' : ''} by then`}
        </span>
        {nodes.length < (total?.value ?? 0) ? (
          <span className="dim">the newest {nodes.length} are looked at</span>
        ) : null}
        <span className="spread row">
          <LiveFilter search={search} set={set} />
          <CopyMenu
            question={{ document: FINDING_EVENTS, variables }}
            table={{ name: 'changes', columns: COLUMNS, rows: () => shown.map(exported) }}
          />
        </span>
      </header>
      <ShowPages pages={pages} what="the changes">
        {body}
      </ShowPages>
    </div>
  )

  function body() {
    const more = <MorePages pages={pages} by={PAGE} />
    if (nodes.length === 0) return <Empty title="No finding had changed by then." />
    if (shown.length === 0) return <Empty title="No change fits these filters.">{more}</Empty>
    return <ChangeTable events={shown}>{more}</ChangeTable>
  }
}

const COLUMNS = ['learnedAt', 'change', 'finding', 'rule', 'title', 'severity', 'grade', 'agent']

function exported({
  change,
  learnedAt,
  finding,
}: Parameters<typeof fits>[0]): Readonly<Record<string, unknown>> {
  const { id, rule, title, severity, grade, agent } = finding
  return { learnedAt, change, finding: id, rule, title, severity, grade, agent: agent.id }
}
