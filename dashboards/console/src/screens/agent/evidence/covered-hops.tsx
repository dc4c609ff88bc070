import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ResultOf } from '../../../api/graphql.ts'
import { usePages } from '../../../api/use-pages.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { CallLink } from '../../../shared/call-link.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { FilterPill } from '../../../shared/filter-pill.tsx'
import { gradeOf } from '../../../shared/grades.ts'
import { Instant } from '../../../shared/instant.tsx'
import { GradeMark, Tag } from '../../../shared/marks.tsx'
import { AgentName } from '../../../shared/names.tsx'
import { MorePages, ShowPages } from '../../../shared/paged.tsx'
import { atLeast, toolName } from '../../../shared/short.ts'
import { AddToCase } from '../../cases/add/add-to-case.tsx'
import type { ShownHops } from '../agent-search.ts'
import { COVERED_HOPS, type CoveredHop } from './documents.ts'

const PAGE = 20

/** The hops behind a number of the evidence, newest first: calls that an agent made or asked for, and links. */
export function CoveredHops({
  agent,
  shown,
  close,
}: {
  readonly agent: string
  readonly shown: ShownHops
  readonly close: () => void
}) {
  const asOf = useAsOf()
  const variables = {
    agents: [agent],
    first: PAGE,
    where: whereOf(shown),
    ...(asOf === undefined ? {} : { asOf }),
  }
  const pages = usePages(COVERED_HOPS, variables, rowsIn)
  const { nodes, total } = pages
  return (
    <section className="covered-hops" aria-label={`Hops: ${shown}`}>
      <div className="row">
        <h3>{total === undefined ? 'Hops' : atLeast(total, 'hop')}</h3>
        <FilterPill name={shown} remove={close} />
        <span className="spread">
          <CopyMenu
            question={{ document: COVERED_HOPS, variables }}
            table={{ name: `hops-${shown}`, columns: COLUMNS, rows: () => nodes.map(exported) }}
          />
        </span>
      </div>
      <ShowPages pages={pages} what="the hops">
        {(hops) =>
          hops.length === 0 ? (
            <p className="dim">No hop of it is {shown === 'all' ? 'known' : shown}.</p>
          ) : (
            <>
              <ul className="plain-list">{hops.map(line)}</ul>
              <MorePages pages={pages} by={PAGE} />
            </>
          )
        }
      </ShowPages>
    </section>
  )
}

function whereOf(shown: ShownHops) {
  if (shown === 'all') return {}
  return shown === 'dark' ? { dark: true } : { grade: [gradeOf(shown)] }
}

const NOTHING = {
  ...{ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
  totalCount: { value: 0, approximate: false },
}

function rowsIn({ coverage: { nodes } }: ResultOf<typeof COVERED_HOPS>) {
  return nodes[0]?.rows ?? NOTHING
}

function line({ part, grade, dark, action, link }: CoveredHop): ReactNode {
  const marks = (
    <>
      {grade === null ? null : <GradeMark grade={grade} />}
      {dark ? <Tag>dark</Tag> : null}
    </>
  )
  if (action !== null) {
    const { id, at, tool, agent } = action
    return (
      <li key={`${part} ${id}`}>
        <span className="dim">{part === 'MADE' ? 'called' : 'asked for'}</span>
        <CallLink call={action} />
        {part === 'MADE' ? null : (
          <span>
            <span className="dim">by</span> <AgentName agent={agent} />
          </span>
        )}
        {marks}
        <Instant at={at} />
        <AddToCase items={[{ kind: 'ACTION', id }]} name={`the call of ${toolName(tool)}`} />
      </li>
    )
  }
  if (link === null) return null
  const { hash, issuedAt, chain, delegator } = link
  const giver = delegator === null ? 'not known' : delegator.name
  return (
    <li key={`${part} ${hash}`}>
      <span className="dim">never answered</span>
      <Link to="/chains/$chainId" params={{ chainId: chain?.id ?? hash }} search={{ select: hash }}>
        a link from {giver}
      </Link>
      {marks}
      <Instant at={issuedAt} />
      <AddToCase items={[{ kind: 'LINK', id: hash }]} name={`the link from ${giver}`} />
    </li>
  )
}

const COLUMNS = ['part', 'grade', 'dark', 'at', 'tool', 'agent', 'action', 'link', 'chain']

function exported({ part, grade, dark, action, link }: CoveredHop) {
  return {
    ...{ part, grade, dark },
    ...{ at: action?.at ?? link?.issuedAt, tool: action?.tool, agent: action?.agent?.id },
    ...{ action: action?.id, link: link?.hash, chain: action?.chain?.id ?? link?.chain?.id },
  }
}
