import { Button, Select } from '@mantine/core'
import type { ResultOf } from '../../../api/graphql.ts'
import { usePages } from '../../../api/use-pages.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { FilterPill } from '../../../shared/filter-pill.tsx'
import { Forbidden } from '../../../shared/forbidden.tsx'
import type { RawSearch } from '../../../shared/search-text.ts'
import { atLeast, toolName } from '../../../shared/short.ts'
import { Failed, Loading } from '../../../shared/states.tsx'
import { type AgentSearch, GRADES } from '../agent-search.ts'
import { CallList } from './call-list.tsx'
import { AGENT_CALLS, type Call } from './documents.ts'

const PAGE = 20

/** What an agent called, newest first: of one tool or of one grade where that is asked for. */
export function CallsCard({
  agent,
  search: { tool, grade },
  change,
}: {
  readonly agent: string
  readonly search: AgentSearch
  readonly change: (part: RawSearch) => void
}) {
  const asOf = useAsOf()
  const variables = {
    id: agent,
    first: PAGE,
    where: {
      ...(tool === undefined ? {} : { tool: [tool] }),
      ...(grade === undefined ? {} : { grade: [grade] }),
    },
    ...(asOf === undefined ? {} : { asOf }),
  }
  const pages = usePages(AGENT_CALLS, variables, callsIn)
  const { nodes, total } = pages
  const count = total === undefined ? 'Calls' : atLeast(total, 'call')
  return (
    <section className="panel agent-card" id="calls" aria-label="Calls">
      <div className="row">
        <h2>{count}</h2>
        <span role="status" className="visually-hidden">
          {count}
        </span>
        {tool === undefined ? null : (
          <FilterPill name={`tool: ${toolName(tool)}`} remove={() => change({ tool: '' })} />
        )}
        <span className="spread row">
          <Select
            size="xs"
            aria-label="Grade of the evidence"
            placeholder="Every grade"
            data={GRADES.map((value) => ({ value, label: value.toLowerCase() }))}
            value={grade ?? null}
            onChange={(value) => change({ grade: value ?? '' })}
            clearable
            comboboxProps={{ withinPortal: false }}
            className="calls-grade"
          />
          <CopyMenu
            question={{ document: AGENT_CALLS, variables }}
            table={{ name: 'calls', columns: COLUMNS, rows: () => nodes.map(exported) }}
          />
        </span>
      </div>
      {body()}
    </section>
  )

  function body() {
    if (pages.state === 'forbidden') return <Forbidden message={pages.message} />
    if (pages.state === 'failed') return <Failed message={pages.message} again={pages.again} />
    if (pages.state === 'loading') return <Loading what="the calls" />
    if (nodes.length === 0) {
      const isAll = tool === undefined && grade === undefined
      return (
        <p className="dim">
          {isAll ? 'It was not seen to call anything.' : 'No call of it fits these filters.'}
        </p>
      )
    }
    return (
      <>
        <CallList calls={nodes} />
        {pages.hasMore ? (
          <Button size="xs" variant="default" onClick={pages.more}>
            Look at {PAGE} more
          </Button>
        ) : null}
      </>
    )
  }
}

function callsIn({ agent }: ResultOf<typeof AGENT_CALLS>) {
  return agent.__typename === 'Agent' ? agent.actions : agent
}

const COLUMNS = ['at', 'tool', 'effect', 'grade', 'authority', 'why', 'action', 'chain']

function exported({ id, at, tool, effect, grade, why, chain }: Call) {
  const { kind, sentence } = why
  return { at, tool, effect, grade, authority: kind, why: sentence, action: id, chain: chain?.id }
}
