import { ActionIcon, Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Icon } from '../../shared/icon.tsx'
import { Instant } from '../../shared/instant.tsx'
import { StateMark } from '../../shared/marks.tsx'
import { AgentName, PrincipalName } from '../../shared/names.tsx'
import { counted } from '../../shared/short.ts'
import type { ReachRow } from './documents.ts'
import { artefactOf, type Change, textOfArtefact } from './explore-search.ts'
import type { FactQuestions } from './fact-questions.ts'
import { FactSentences } from './fact-sentences.tsx'
import { nodeOfRow, type ReachNode } from './reach-graph.ts'
import { effectWord, keyOfRow, permissionName, ruleWord } from './reach-rows.ts'
import { ZoneTag } from './zone-tag.tsx'

/** More of them are in the table. */
const LISTED = 30

/** One fact of the picture, beside it and never instead of it. */
export function ReachInspector({
  node,
  close,
  change,
  asks,
}: {
  readonly node: ReachNode
  readonly close: () => void
  readonly change: Change
  readonly asks: FactQuestions
}) {
  const { kind, id, label, sentence, rows, choke, depth } = node
  const [row] = rows
  const artefact = artefactOf(kind, id)
  return (
    <aside className="reach-aside inspector" aria-label="Inspector">
      <div className="panel-bar">
        <span className="dim">{kind}</span>
        <ActionIcon
          className="spread"
          variant="default"
          aria-label="Close the inspector"
          onClick={close}
        >
          <Icon name="close" />
        </ActionIcon>
      </div>
      <div className="panel-body">
        <h2>{label}</h2>
        <p>{depth === 0 ? 'Where it starts.' : `${sentence}.`}</p>
        {choke === undefined ? null : (
          <p>
            <StateMark word={{ text: 'choke point', tone: 'unknown' }} /> Taken back it cuts off{' '}
            {choke.cuts} of the {choke.of} gravest in force.
          </p>
        )}
        <div className="row reach-buttons">
          {asks(node).map(({ name, text, ask }, at) => (
            <Button key={name} size="xs" variant={at === 0 ? 'filled' : 'default'} onClick={ask}>
              {text}
            </Button>
          ))}
          {artefact === undefined ? null : (
            <Button
              size="xs"
              variant="default"
              onClick={() => change({ ask: 'revoke', revoke: [textOfArtefact(artefact)] })}
            >
              What if it is taken back?
            </Button>
          )}
          {kind === 'link' ? (
            <Link to="/chains/$chainId" params={{ chainId: id }} search={{ select: id }}>
              Its chain
            </Link>
          ) : null}
          {kind === 'agent' ? (
            <Link to="/agents/$agentId" params={{ agentId: id }}>
              Its profile
            </Link>
          ) : null}
        </div>
        {kind === 'permission' && row !== undefined ? (
          <PermissionDetails row={row} change={change} />
        ) : (
          <section className="panel-section">
            <h3>{counted(rows.length, 'permission')} by way of it</h3>
            <ul className="reach-through">
              {rows.slice(0, LISTED).map((one) => (
                <li key={keyOfRow(one)}>
                  <button
                    type="button"
                    className="text-button"
                    onClick={() => change({ select: nodeOfRow(one) }, true)}
                  >
                    {permissionName(one)}
                  </button>
                  {one.rule === 'GIVEN' ? null : <span className="dim">{ruleWord(one)}</span>}
                </li>
              ))}
            </ul>
            {rows.length > LISTED ? (
              <p className="dim">and {rows.length - LISTED} more: the table has them.</p>
            ) : null}
          </section>
        )}
        <section className="panel-section">
          <h3>Id</h3>
          <code className="reach-id">{id}</code>
        </section>
      </div>
    </aside>
  )
}

function PermissionDetails({ row, change }: { readonly row: ReachRow; readonly change: Change }) {
  const { agent, tool, limits, principal, resource, decided, lastAction, until, witness } = row
  return (
    <>
      <dl className="pairs">
        <dt>who would act</dt>
        <dd>
          <AgentName agent={agent} />
        </dd>
        <dt>tool</dt>
        <dd className="mono">{tool}</dd>
        <dt>limits</dt>
        <dd className="mono">{limits.length === 0 ? 'none' : limits.join(', ')}</dd>
        <dt>what it does</dt>
        <dd>{effectWord(row.effectClass)}</dd>
        {row.zones.length === 0 ? null : (
          <>
            <dt>zones</dt>
            <dd>
              {row.zones.map((zone) => (
                <ZoneTag key={zone.name} zone={zone} />
              ))}
            </dd>
          </>
        )}
        <dt>how reached</dt>
        <dd>
          <StateMark word={{ text: ruleWord(row), tone: row.rule === 'GIVEN' ? 'good' : 'bad' }} />
        </dd>
        <dt>decision</dt>
        <dd>
          {decided
            ? 'an independent decision stands on every way to it'
            : 'this way has no independent decision on it'}
        </dd>
        <dt>whose grant</dt>
        <dd>
          <PrincipalName principal={principal} />
        </dd>
        <dt>exercised</dt>
        <dd>
          {lastAction === null ? (
            'not since'
          ) : (
            <>
              last <Instant at={lastAction.at} />{' '}
              {resource === null ? null : <span className="mono">on {resource}</span>}{' '}
              {lastAction.chain === null ? null : (
                <Link
                  to="/chains/$chainId"
                  params={{ chainId: lastAction.chain.id }}
                  search={{ select: lastAction.id }}
                >
                  the call
                </Link>
              )}
            </>
          )}
        </dd>
        <dt>exercisable</dt>
        <dd>
          {!row.exercisable ? (
            'no, it is over'
          ) : until === null ? (
            'yes, no end is stated'
          ) : (
            <>
              until <Instant at={until} />
            </>
          )}
        </dd>
      </dl>
      <section className="panel-section">
        <h3>The shortest way to it</h3>
        <FactSentences className="reach-way" facts={witness} change={change} />
      </section>
    </>
  )
}
