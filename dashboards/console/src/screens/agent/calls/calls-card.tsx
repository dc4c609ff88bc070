import { Select } from '@mantine/core'
import type { ResultOf } from '../../../api/graphql.ts'
import { usePages } from '../../../api/use-pages.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { FilterPill } from '../../../shared/filter-pill.tsx'
import { GRADES } from '../../../shared/grades.ts'
import { MorePages, ShowPages } from '../../../shared/paged.tsx'
import type { RawSearch } from '../../../shared/search-text.ts'
import { atLeast, toolName } from '../../../shared/short.ts'
import type { AgentSearch } from '../agent-search.ts'
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
      <ShowPages pages={pages} what="the calls">
        {(calls) =>
          calls.length === 0 ? (
            <p className="dim">
              {tool === undefined && grade === undefined
                ? 'It was not seen to call anything.'
                : 'No call of it fits these filters.'}
            </p>
          ) : (
            <>
              <CallList calls={calls} />
              <MorePages pages={pages} by={PAGE} />
            </>
          )
        }
      </ShowPages>
    </section>
  )
}

function callsIn({ agent }: ResultOf<typeof AGENT_CALLS>) {
  return agent.__typename === 'Agent' ? agent.actions : agent
}

const COLUMNS = ['at', 'tool', 'effect', 'grade', 'authority', 'why', 'action', 'chain']

function exported({ id, at, tool, effect, grade, why, chain }: Call) {
  const { kind, sentence } = why
  return { at, tool, effect, grade, authority: kind, why: sentence, action: id, chain: chain?.id }
}
