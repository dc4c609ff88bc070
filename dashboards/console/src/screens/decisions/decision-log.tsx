import { Button, SegmentedControl, Select } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useCallback } from 'react'
import type { ResultOf } from '../../api/graphql.ts'
import { usePages } from '../../api/use-pages.ts'
import { useAsOf } from '../../app/as-of.ts'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { FilterPill } from '../../shared/filter-pill.tsx'
import { Forbidden } from '../../shared/forbidden.tsx'
import type { RawSearch } from '../../shared/search-text.ts'
import { counted, shortHash, toolName } from '../../shared/short.ts'
import { Empty, Failed, Loading } from '../../shared/states.tsx'
import { useKeys } from '../../shared/use-keys.ts'
import { useAdding } from '../cases/add/adding.ts'
import { CASE_KEYS } from '../cases/add/keys.ts'
import { DecisionPanel } from './decision-panel.tsx'
import { DecisionTable } from './decision-table.tsx'
import {
  agentOf,
  answerWord,
  chainWord,
  errorText,
  recordWord,
  shownDecisions,
} from './decision-words.ts'
import {
  DECISION_KINDS,
  type DecisionsSearch,
  decisionsSearch,
  filterOf,
  VIEWS,
  type ViewName,
  viewOf,
} from './decisions-search.ts'
import { DECISION_PAGE, type DecisionRow } from './documents.ts'
import { DECISION_KEYS } from './keys.ts'

const route = getRouteApi('/decisions')
const PAGE = 100

const decisionsIn = ({ decisions }: ResultOf<typeof DECISION_PAGE>) => decisions

const NAMES: Readonly<Record<ViewName, string>> = {
  all: 'All',
  broken: 'Allowed although the chain is not ok',
  denied: 'Denied',
  observed: 'Would have been denied',
  errored: 'Errored',
}

/** What policy decision points said, and whether the chain that they were shown holds. */
export function DecisionLog({ switcher }: { readonly switcher: ReactNode }) {
  const asOf = useAsOf()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/decisions' })
  const change = useCallback(
    (part: RawSearch, replace = false) =>
      void navigate({ search: (before) => decisionsSearch({ ...before, ...part }), replace }),
    [navigate],
  )
  const filter = filterOf(search)
  const variables = { first: PAGE, filter, ...(asOf === undefined ? {} : { asOf }) }
  const pages = usePages(DECISION_PAGE, variables, decisionsIn)
  const { total, hasMore } = pages
  const decisions = shownDecisions(pages.nodes, search)
  const { decision } = search
  const view = viewOf(search)
  const move = (by: number): void => {
    const at = decisions.findIndex(({ id }) => id === decision)
    const next = at === -1 ? 0 : Math.min(decisions.length - 1, Math.max(0, at + by))
    change({ decision: decisions[next]?.id }, true)
  }
  useKeys(DECISION_KEYS, {
    next: () => move(1),
    previous: () => move(-1),
    letGo: () => change({ decision: '' }),
  })
  const adding = useAdding()
  useKeys(
    CASE_KEYS,
    adding === undefined || decision === undefined
      ? {}
      : {
          add: () => adding({ items: [{ kind: 'DECISION', id: decision }], name: 'this decision' }),
        },
  )
  return (
    <div className="decisions">
      <section className="decisions-main" aria-label="Decisions">
        <header className="decisions-head">
          <h1>Decisions</h1>
          {switcher}
          <SegmentedControl
            size="xs"
            aria-label="Which"
            data={[
              ...Object.entries(NAMES).map(([value, label]) => ({ value, label })),
              ...(view === undefined ? [{ value: 'other', label: 'Filtered' }] : []),
            ]}
            value={view ?? 'other'}
            onChange={(value) => {
              const to: DecisionsSearch = VIEWS[value as ViewName]
              const { answer, chain, said, mode, errored } = to
              change({ answer, chain, said, mode, errored, decision: '' })
            }}
          />
          <Select
            size="xs"
            aria-label="Kind"
            placeholder="Every kind"
            data={DECISION_KINDS.map((value) => ({
              value,
              label: { request: 'about the request', intent: 'about the intent too' }[value],
            }))}
            value={search.kind ?? null}
            onChange={(kind) => change({ kind })}
            clearable
            comboboxProps={{ withinPortal: false }}
          />
          {pillsOf(search).map(({ text, without }) => (
            <FilterPill key={text} name={text} remove={() => change(without)} />
          ))}
          <span className="dim" role="status">
            {total === undefined
              ? ''
              : countWords(search, decisions.length, pages.nodes.length, total)}
          </span>
          <span className="spread row">
            <CopyMenu
              question={{ document: DECISION_PAGE, variables }}
              cypher={{ decisions: { first: PAGE, filter } }}
              table={{ name: 'decisions', columns: COLUMNS, rows: () => decisions.map(exported) }}
            />
          </span>
        </header>
        {body()}
      </section>
      {decision === undefined ? null : (
        <DecisionPanel key={decision} id={decision} close={() => change({ decision: '' })} />
      )}
    </div>
  )

  function body() {
    if (pages.state === 'forbidden') return <Forbidden message={pages.message} />
    if (pages.state === 'failed') return <Failed message={pages.message} again={pages.again} />
    if (pages.state === 'loading') return <Loading what="decisions" />
    if (decisions.length === 0) {
      return Object.keys(search).every((name) => ['asOf', 'decision'].includes(name)) ? (
        <Empty
          title={
            asOf === undefined ? 'No decision has arrived.' : 'No decision had arrived by then.'
          }
        >
          <p className="dim">
            A guard with <code>decisions</code> signs one for each call that it judges; any policy
            decision point may send its own.
          </p>
        </Empty>
      ) : (
        <Empty title="No decision fits these filters.">
          {hasMore ? (
            <Button variant="default" onClick={pages.more}>
              Look at {PAGE} more
            </Button>
          ) : null}
          <Button variant="default" onClick={() => void navigate({ search: {} })}>
            Take all filters away
          </Button>
        </Empty>
      )
    }
    return (
      <DecisionTable decisions={decisions} selected={decision} change={change}>
        {hasMore ? (
          <Button size="xs" variant="default" onClick={pages.more}>
            Load more
          </Button>
        ) : null}
      </DecisionTable>
    )
  }
}

/** Of chains that do not hold only those are counted that were looked at. */
function countWords(
  { chain }: DecisionsSearch,
  shown: number,
  looked: number,
  { value, approximate }: { readonly value: number; readonly approximate: boolean },
): string {
  const all = `${counted(value, 'decision')}${approximate ? ' or more' : ''}`
  return chain === undefined ? all : `${shown} among the newest ${looked} of ${all}`
}

function pillsOf({ agent = [], tool = [], policy = [], after, before }: DecisionsSearch) {
  return [
    ...policy.map((one) => ({
      text: `policy set ${shortHash(one)}`,
      without: { policy: policy.filter((other) => other !== one) },
    })),
    ...agent.map((one) => ({
      text: `agent ${one}`,
      without: { agent: agent.filter((other) => other !== one) },
    })),
    ...tool.map((one) => ({
      text: `tool ${toolName(one)}`,
      without: { tool: tool.filter((other) => other !== one) },
    })),
    ...(after === undefined ? [] : [{ text: `after ${after}`, without: { after: '' } }]),
    ...(before === undefined ? [] : [{ text: `before ${before}`, without: { before: '' } }]),
  ]
}

const COLUMNS = [
  ...['id', 'at', 'answer', 'kind', 'intent', 'agent', 'tool', 'resource', 'chain', 'chainState'],
  ...[
    'issuer',
    'policyHash',
    'policySaid',
    'policies',
    'errors',
    'latency',
    'requestHash',
    'record',
  ],
]

function exported(row: DecisionRow) {
  return {
    ...row,
    answer: answerWord(row.answer).text,
    agent: agentOf(row)?.id,
    chain: row.chain?.id,
    chainState: chainWord(row).text,
    record: recordWord(row.signature, row.verdict).text,
    policySaid: row.evaluation?.answer.toLowerCase(),
    policies: row.evaluation?.policies.join(' '),
    errors: row.evaluation?.errors.map(errorText).join('; '),
    latency: row.evaluation?.latency,
  }
}
