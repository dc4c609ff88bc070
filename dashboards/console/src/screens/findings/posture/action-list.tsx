import type { ResultOf } from '../../../api/graphql.ts'
import { usePages } from '../../../api/use-pages.ts'
import { CallLink } from '../../../shared/call-link.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { type GradeName, gradeOf } from '../../../shared/grades.ts'
import { Instant } from '../../../shared/instant.tsx'
import { AgentName } from '../../../shared/names.tsx'
import { MorePages, ShowPages } from '../../../shared/paged.tsx'
import { toolName } from '../../../shared/short.ts'
import { AddToCase } from '../../cases/add/add-to-case.tsx'
import { POSTURE_ACTIONS, type PostureAction } from './documents.ts'

const PAGE = 20

/** The actions of one grade in the days that are looked at, newest first. */
export function ActionList({ days, shown }: { readonly days: number; readonly shown: GradeName }) {
  const variables = { days, first: PAGE, grade: [gradeOf(shown)] }
  const pages = usePages(POSTURE_ACTIONS, variables, actionsIn)
  return (
    <ShowPages pages={pages} what="the actions">
      {(nodes) => (
        <section aria-label={`Actions: ${shown}`}>
          <div className="row">
            <span className="spread">
              <CopyMenu
                question={{ document: POSTURE_ACTIONS, variables }}
                table={{
                  name: `actions-${shown}`,
                  columns: ['at', 'agent', 'tool', 'grade', 'action', 'chain'],
                  rows: () => nodes.map(exported),
                }}
              />
            </span>
          </div>
          {nodes.length === 0 ? <p className="dim">No action is {shown}.</p> : null}
          <ul className="plain-list">
            {nodes.map(({ id, at, tool, agent, chain }) => (
              <li key={id}>
                <CallLink call={{ id, tool, chain }} />
                <span>
                  <span className="dim">by</span> <AgentName agent={agent} />
                </span>
                <Instant at={at} />
                <AddToCase
                  items={[{ kind: 'ACTION', id }]}
                  name={`the call of ${toolName(tool)}`}
                />
              </li>
            ))}
          </ul>
          <MorePages pages={pages} by={PAGE} />
        </section>
      )}
    </ShowPages>
  )
}

function actionsIn({ posture }: ResultOf<typeof POSTURE_ACTIONS>) {
  return posture.__typename === 'Posture' ? posture.actions : posture
}

function exported({ id, at, tool, grade, agent, chain }: PostureAction) {
  return { at, agent: agent?.id, tool, grade, action: id, chain: chain?.id }
}
