import { Link } from '@tanstack/react-router'
import { Icon } from '../../shared/icon.tsx'
import { Instant } from '../../shared/instant.tsx'
import { GradeMark, Severity } from '../../shared/marks.tsx'
import { counted, toolName } from '../../shared/short.ts'
import { AddButton } from '../cases/add/add-to-case.tsx'
import { findingOf, type InboxRow, MOST_TAKEN } from './inbox-rows.ts'
import { type InboxSearch, inboxSearch } from './inbox-search.ts'
import { Assignee, HiddenMark, TriageMark } from './triage/triage-mark.tsx'

/** What the list is headed with, in the order of its cells, each with the class by which it folds away. */
export const HEADS = [
  ['cell-severity', 'Severity'],
  ['cell-rule', 'Rule'],
  ['cell-title', 'What happened'],
  ['cell-agent', 'Agent, from'],
  ['cell-tool', 'Permission, resource'],
  ['cell-hops', 'Hops'],
  ['cell-grade', 'Evidence'],
  ['cell-seen', 'Last seen, first'],
  ['cell-count', 'Count'],
  ['cell-owner', 'Owner'],
  ['cell-status', 'Status'],
] as const

interface Props {
  readonly row: InboxRow
  readonly search: InboxSearch
  readonly open: () => void
  readonly fold: (key: string) => void
  /** Puts all that the row stands for into a case; absent where that cannot be. */
  readonly add?: (() => void) | undefined
}

/** The cells of one row behind the box that selects it. */
export function FindingCells({ row, search, open, fold, add }: Props) {
  const finding = findingOf(row)
  const { rule, ruleName, title, agent, from, tool, resource, hopCount, grade, severity } = finding
  const { triage, owner, state, happenedAt } = finding
  const { firstAt, lastAt } = row.entry ?? { firstAt: happenedAt, lastAt: happenedAt }
  return (
    <>
      <span role="cell" className="cell-severity">
        <Severity value={severity} />
      </span>
      <span role="cell" className="cell-rule" title={ruleName ?? ''}>
        {row.kind === 'group' ? (
          <button
            type="button"
            className="fold"
            aria-expanded={row.isOpen}
            aria-label={`${counted(row.entry.findings, 'finding')} of one group`}
            onClick={() => fold(row.entry.key)}
          >
            <Icon name={row.isOpen ? 'down' : 'right'} />
            {row.entry.findings.toLocaleString('en-GB')}
          </button>
        ) : null}
        <b>{rule}</b>
      </span>
      <span role="cell" className="cell-title">
        <span className="cell-title-line">
          <button type="button" onClick={open} title={title}>
            {title}
          </button>
          {add === undefined ? null : <AddButton name={title} add={add} />}
        </span>
        <small className="dim clip">
          {ruleName}
          {state === 'WITHDRAWN' ? ' · withdrawn' : ''}
          {finding.pages ? ' · wakes somebody' : ''}
          <MembersWord row={row} />
        </small>
      </span>
      <span role="cell" className="cell-agent clip">
        {agent.name}
        {from === null ? null : <small className="dim clip">from {from.name}</small>}
      </span>
      <span role="cell" className="cell-tool clip">
        <span className="mono" title={tool ?? ''}>
          {tool === null ? <span className="dim">unknown</span> : toolName(tool)}
        </span>
        <small className="dim clip" title={resource ?? ''}>
          {resource === null ? 'resource not told' : `on ${resource}`}
        </small>
      </span>
      <span role="cell" className="cell-hops">
        {hopCount === null ? <span className="dim">unknown</span> : hopCount}
      </span>
      <span role="cell" className="cell-grade">
        <GradeMark grade={grade} />
      </span>
      <span role="cell" className="cell-seen">
        <Instant at={lastAt} />
        {firstAt === lastAt ? null : (
          <small className="dim">
            <Instant at={firstAt} />
          </small>
        )}
      </span>
      <span role="cell" className="cell-count">
        <Occurrences row={row} search={search} />
      </span>
      <span role="cell" className="cell-owner clip" title={owner?.id ?? ''}>
        {owner === null ? <span className="dim">nobody known</span> : owner.name}
      </span>
      <span role="cell" className="cell-status">
        <TriageMark state={triage.state} />
        {triage.suppressedBy === null ? null : <HiddenMark />}
        {triage.assignee === null ? null : <Assignee name={triage.assignee} />}
      </span>
    </>
  )
}

/** How often it was found, leading to each time: under the same filters where the row is of all of them. */
function Occurrences({ row, search }: { readonly row: InboxRow; readonly search: InboxSearch }) {
  const { entry } = row
  if (entry === undefined) return null
  const { series } = findingOf(row)
  const { group = 'repetition', unfold: _, finding: __, runbook: ___, ...filters } = search
  const of = { series: [series], group: 'incident' } as const
  const isCounted = group === 'repetition' && entry.findings > 1
  return (
    <Link
      to="/findings"
      search={inboxSearch(isCounted ? { ...filters, ...of } : { tab: 'all', ...of })}
      aria-label={counted(entry.occurrences, 'occurrence')}
      title={
        isCounted
          ? 'Incidents that are the same thing again, under these filters.'
          : 'Incidents that are the same thing again, whatever became of them.'
      }
    >
      {entry.occurrences.toLocaleString('en-GB')}
    </Link>
  )
}

/** What of a group that is unfolded is not below it. */
function MembersWord({ row }: { readonly row: InboxRow }) {
  if (row.kind !== 'group' || !row.isOpen) return null
  if (row.members === undefined) return <> · loading …</>
  if (row.members.state === 'failed') return <> · {row.members.message}</>
  return row.entry.findings > MOST_TAKEN ? <> · the first {MOST_TAKEN} are below</> : null
}
