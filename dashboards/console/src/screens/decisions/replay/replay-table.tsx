import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Instant } from '../../../shared/instant.tsx'
import { StateMark } from '../../../shared/marks.tsx'
import { AgentName } from '../../../shared/names.tsx'
import { toolName } from '../../../shared/short.ts'
import { answerWord, errorText } from '../decision-words.ts'
import type { ReplayRow } from './documents.ts'
import { changeWord, decidedBy } from './replay-words.ts'

/** A call a row: what was answered, what would be, and why. */
export function ReplayTable({
  rows,
  children,
}: {
  readonly rows: readonly ReplayRow[]
  readonly children: ReactNode
}) {
  return (
    <div className="decisions-scroll" tabIndex={0} role="region" aria-label="Answers of the draft">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What becomes of it</th>
            <th scope="col">Agent</th>
            <th scope="col">Action</th>
            <th scope="col">Was</th>
            <th scope="col">Decided by, or what would have to be true</th>
            <th scope="col">Chain</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { at, agent, tool, before, change, errors, residuals, chain, action } = row
            return (
              <tr
                key={`${row.decision?.id} ${action?.id} ${at}`}
                data-replayed={action?.id ?? row.decision?.id}
                className={change === 'DENY_TO_ALLOW' || change === 'ERRORED' ? 'is-trouble' : ''}
              >
                <td>
                  {row.decision === null ? (
                    <Instant at={at} />
                  ) : (
                    <Link to="/decisions" search={{ decision: row.decision.id }}>
                      <Instant at={at} />
                    </Link>
                  )}
                </td>
                <td>
                  <StateMark word={changeWord(change)} title={row.sentence} />
                </td>
                <td>
                  <AgentName agent={agent} />
                </td>
                <td className="mono" title={tool ?? undefined}>
                  {tool === null ? 'not known' : toolName(tool)}
                </td>
                <td>
                  {before === null ? (
                    <span className="dim">not known</span>
                  ) : (
                    <StateMark word={answerWord(before)} />
                  )}
                </td>
                <td>
                  {errors.length > 0 ? errors.map(errorText).join('; ') : decidedBy(row)}
                  {residuals.map(({ policy, effect, condition }) => (
                    <div key={policy}>
                      {policy} would {effect.toLowerCase()} if <code>{condition}</code>
                    </div>
                  ))}
                </td>
                <td>
                  {chain === null ? (
                    <span className="dim">none</span>
                  ) : (
                    <Link
                      to="/chains/$chainId"
                      params={{ chainId: chain.id }}
                      search={action === null ? {} : { select: action.id }}
                    >
                      open
                    </Link>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <div className="decisions-more row">{children}</div>
    </div>
  )
}
