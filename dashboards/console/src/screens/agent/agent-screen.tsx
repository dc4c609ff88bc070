import { SegmentedControl } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { useAsOf } from '../../app/as-of.ts'
import { Show } from '../../shared/asked.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Instant } from '../../shared/instant.tsx'
import { Severity, StateMark, Tag } from '../../shared/marks.tsx'
import type { RawSearch } from '../../shared/search-text.ts'
import { counted } from '../../shared/short.ts'
import { Empty, PageNotTold } from '../../shared/states.tsx'
import { useTitle } from '../../shared/use-title.ts'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import './agent.css'
import { agentSearch, SHOWN } from './agent-search.ts'
import { CallsCard } from './calls/calls-card.tsx'
import { AGENT, type AgentProfile } from './documents.ts'
import { DriftCard } from './drift/drift-card.tsx'
import { CoverageCard } from './evidence/coverage-card.tsx'
import { LeastPrivilegeCard } from './evidence/least-privilege-card.tsx'
import { IdentityCard } from './identity/identity-card.tsx'
import { PartiesCard } from './parties-card.tsx'
import { type MatrixRow, permissionMatrix } from './permission-matrix.ts'
import { PermissionTable } from './permission-table.tsx'

const route = getRouteApi('/agents/$agentId')

/** S3: one agent: what it may do, what it did, and what it did on somebody else's authority. */
export function AgentScreen() {
  const { agentId } = route.useParams()
  const asOf = useAsOf()
  const asked = useAsk(AGENT, { id: agentId, ...(asOf === undefined ? {} : { asOf }) })
  return (
    <div className="agent-screen">
      <Show asked={asked} what="the agent">
        {({ agent }) =>
          agent.__typename === 'Agent' ? (
            <Profile agent={agent} />
          ) : (
            <PageNotTold kind={agent.__typename} title="No such agent." message={agent.message} />
          )
        }
      </Show>
    </div>
  )
}

function Profile({ agent }: { readonly agent: AgentProfile }) {
  const search = route.useSearch()
  const { show = 'all', since } = search
  useTitle(`Agent ${agent.name}`)
  const navigate = useNavigate({ from: '/agents/$agentId' })
  const change = (part: RawSearch): void =>
    void navigate({ search: (before) => agentSearch({ ...before, ...part }) })
  const asOf = useAsOf()
  const all = permissionMatrix(agent)
  const rows = all.filter(
    ({ says }) => show === 'all' || says === (show === 'unused' ? 'unused' : 'inherited'),
  )
  const isComplete = agent.granted.complete && agent.exercised.complete && agent.inherited.complete
  return (
    <>
      <header className="agent-head">
        <div className="row">
          <h1>{agent.name}</h1>
          {agent.kind === null ? null : <Tag>{agent.kind}</Tag>}
          <code>{agent.id}</code>
          <AddToCase items={[{ kind: 'AGENT', id: agent.id }]} name={agent.name} />
          <span className="spread row">
            <Link to="/explore" search={{ kind: 'agent', id: agent.id }}>
              What could it reach?
            </Link>
            <CopyMenu
              question={{
                document: AGENT,
                variables: { id: agent.id, ...(asOf === undefined ? {} : { asOf }) },
              }}
              table={{ name: agent.name, columns: COLUMNS, rows: () => all.map(exported) }}
              cypher={{ agent: agent.id }}
            />
          </span>
        </div>
        <p className="agent-sentence">{sentenceOf(agent, all)}</p>
      </header>

      <section className="panel agent-matrix">
        <div className="row agent-matrix-head">
          <h2>Permissions</h2>
          <SegmentedControl
            size="xs"
            aria-label="Permissions shown"
            data={SHOWN.map((value) => ({
              value,
              label: { all: 'All', unused: 'Never used', inherited: 'Inherited' }[value],
            }))}
            value={show}
            onChange={(value) => change({ show: value === 'all' ? '' : value })}
          />
          {isComplete ? null : (
            <StateMark word={{ text: 'only the newest 500 links and actions', tone: 'gap' }} />
          )}
        </div>
        {rows.length === 0 ? (
          <Empty title="No permission of this kind." />
        ) : (
          <PermissionTable agent={agent.id} rows={rows} />
        )}
      </section>

      <div className="agent-columns">
        <DriftCard agent={agent} since={since} change={(at) => change({ since: at ?? '' })} />
      </div>

      <div className="agent-columns">
        <CoverageCard agent={agent.id} search={search} change={change} />
        <LeastPrivilegeCard agent={agent.id} />
      </div>

      <div className="agent-columns">
        <IdentityCard agent={agent} />
        <PartiesCard title="Delegates to" side={agent.delegatesTo} />
        <PartiesCard title="Delegated by" side={agent.delegatedBy} />
      </div>

      <div className="agent-columns">
        <Findings agent={agent} />
        <CallsCard agent={agent.id} search={search} change={change} />
      </div>
    </>
  )
}

function Findings({ agent }: { readonly agent: AgentProfile }) {
  const { nodes, totalCount } = agent.findings
  return (
    <section className="panel agent-card">
      <h2>
        <Link to="/findings" search={{ agent: [agent.id] }}>
          {counted(totalCount.value, 'open finding')}
        </Link>
      </h2>
      {nodes.length === 0 ? <p className="dim">Nothing was found about it.</p> : null}
      <ul className="plain-list">
        {nodes.map(({ id, title, rule, severity, happenedAt }) => (
          <li key={id}>
            <Severity value={severity} />
            <Link
              to="/findings"
              search={{ finding: id, tab: 'all' }}
              className="clip agent-finding"
            >
              {rule} {title}
            </Link>
            <Instant at={happenedAt} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function sentenceOf(agent: AgentProfile, rows: readonly MatrixRow[]): string {
  const count = (says: MatrixRow['says']): number => rows.filter((row) => row.says === says).length
  return [
    agent.owner === null ? 'Nobody answers for it' : `${agent.owner.name} answers for it`,
    `${counted(agent.granted.permissions.length, 'permission')} granted`,
    `${counted(agent.exercised.tools.length, 'tool')} used`,
    `${count('inherited')} inherited`,
    `${count('unused')} never used`,
  ].join(', ')
}

const COLUMNS = [
  ...['tool', 'says', 'limits', 'sources', 'expiresAt'],
  ...['uses', 'lastUsedAt', 'inheritedFrom', 'findings'],
]

function exported({ tool, says, granted, exercised, inherited }: MatrixRow) {
  return {
    tool,
    says,
    limits: granted.flatMap(({ limits }) => limits),
    sources: granted.map(({ source, link }) => link?.hash ?? source.toLowerCase()),
    expiresAt: granted.flatMap(({ expiresAt }) => expiresAt ?? []),
    uses: exercised?.uses.value ?? 0,
    lastUsedAt: exercised?.lastUsedAt,
    inheritedFrom: inherited.map(({ from }) => from?.id ?? 'not known'),
    findings: inherited.flatMap(({ findings }) => findings.map(({ id }) => id)),
  }
}
