import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Instant } from '../../shared/instant.tsx'
import { StateMark, Tag } from '../../shared/marks.tsx'
import { AgentName } from '../../shared/names.tsx'
import type { RawSearch } from '../../shared/search-text.ts'
import { shortHash, toolName } from '../../shared/short.ts'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import {
  agentOf,
  answerWord,
  chainWord,
  errorText,
  milliseconds,
  policyWord,
  recordWord,
} from './decision-words.ts'
import type { DecisionRow } from './documents.ts'

/** A decision a row; its time opens all of it, its chain the chain. */
export function DecisionTable({
  decisions,
  selected,
  change,
  children,
}: {
  readonly decisions: readonly DecisionRow[]
  readonly selected: string | undefined
  readonly change: (part: RawSearch) => void
  readonly children: ReactNode
}) {
  return (
    <div className="decisions-scroll" tabIndex={0} role="region" aria-label="Log of decisions">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Decided</th>
            <th scope="col">Answer</th>
            <th scope="col">Agent</th>
            <th scope="col">Action</th>
            <th scope="col">Resource</th>
            <th scope="col">Chain shown</th>
            <th scope="col">Policy set</th>
            <th scope="col">Policy said</th>
            <th scope="col">Took</th>
            <th scope="col">Request</th>
            <th scope="col">Record</th>
          </tr>
        </thead>
        <tbody>
          {decisions.map((row) => {
            const { id, at, answer, kind, intent, tool, resource, link, chain } = row
            const shown = chainWord(row)
            const isBroken = answer === 'ALLOW' && shown.tone !== 'good'
            return (
              <tr
                key={id}
                data-decision={id}
                className={[
                  isBroken ? 'is-trouble' : '',
                  id === selected ? 'is-selected' : '',
                ].join(' ')}
              >
                <td className="with-add">
                  <button
                    type="button"
                    className="text-button"
                    onClick={() => change({ decision: id })}
                  >
                    <Instant at={at} />
                    <span className="visually-hidden">
                      : open the decision on {toolName(tool ?? 'an action')}
                    </span>
                  </button>
                  <AddToCase
                    items={[{ kind: 'DECISION', id }]}
                    name={`the decision on ${toolName(tool ?? 'an action')}`}
                  />
                </td>
                <td>
                  <StateMark word={answerWord(answer)} />{' '}
                  {kind === 'INTENT' ? (
                    <Tag>intent {intent === null ? 'not judged' : answerWord(intent).text}</Tag>
                  ) : null}
                </td>
                <td>
                  <AgentName agent={agentOf(row)} />
                </td>
                <td>
                  {tool === null ? (
                    <span className="dim">not known</span>
                  ) : (
                    <button
                      type="button"
                      className="text-button mono"
                      title={`${tool}: only decisions on it`}
                      onClick={() => change({ tool })}
                    >
                      {toolName(tool)}
                    </button>
                  )}
                </td>
                <td className="mono">{resource ?? <span className="dim">not named</span>}</td>
                <td>
                  {chain === null ? (
                    <StateMark word={shown} />
                  ) : (
                    <Link
                      className="mark-link"
                      to="/chains/$chainId"
                      params={{ chainId: chain.id }}
                      search={link === null ? {} : { select: link.hash }}
                    >
                      <StateMark word={shown} />
                      <span className="visually-hidden">: open the chain</span>
                    </Link>
                  )}
                </td>
                <td>
                  {row.policyHash === null ? (
                    <span className="dim">not named</span>
                  ) : (
                    <PolicySet hash={row.policyHash} change={change} />
                  )}
                </td>
                <td>
                  <StateMark
                    word={policyWord(row.evaluation)}
                    title={row.evaluation?.errors.map(errorText).join('; ')}
                  />{' '}
                  {row.evaluation?.policies.map((name) => (
                    <Tag key={name}>{name}</Tag>
                  ))}
                </td>
                <td>
                  {row.evaluation === null ? (
                    <span className="dim">not said</span>
                  ) : (
                    milliseconds(row.evaluation.latency)
                  )}
                </td>
                <td>
                  {row.requestHash === null ? (
                    <span className="dim">not named</span>
                  ) : (
                    <code title={row.requestHash}>{shortHash(row.requestHash)}</code>
                  )}
                </td>
                <td>
                  <StateMark word={recordWord(row.signature, row.verdict)} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <div className="decisions-more">{children}</div>
    </div>
  )
}

function PolicySet({
  hash,
  change,
}: {
  readonly hash: string
  readonly change: (part: RawSearch) => void
}) {
  return (
    <button
      type="button"
      className="text-button mono"
      title={`${hash}: only decisions by it`}
      onClick={() => change({ policy: hash })}
    >
      {shortHash(hash)}
    </button>
  )
}
