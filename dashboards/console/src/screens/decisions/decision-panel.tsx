import { ActionIcon } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { useAsOf } from '../../app/as-of.ts'
import { argumentText } from '../../shared/argument-text.ts'
import { Show } from '../../shared/asked.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Icon } from '../../shared/icon.tsx'
import { Instant } from '../../shared/instant.tsx'
import { StateMark } from '../../shared/marks.tsx'
import { AgentName } from '../../shared/names.tsx'
import { counted, toolName } from '../../shared/short.ts'
import { NotTold } from '../../shared/states.tsx'
import { OutcomeText } from '../../shared/verdict-parts.tsx'
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
import { DECISION, type FullDecision } from './documents.ts'

/** All of one decision, beside the log. */
export function DecisionPanel({ id, close }: { readonly id: string; readonly close: () => void }) {
  const asOf = useAsOf()
  const variables = { id, ...(asOf === undefined ? {} : { asOf }) }
  const asked = useAsk(DECISION, variables)
  return (
    <aside className="inspector decision-panel" aria-label="Decision">
      <div className="panel-bar">
        <span className="dim mono clip">{id}</span>
        <span className="spread row">
          {asked.state === 'answered' && asked.data.decision.__typename === 'Decision' ? (
            <AddToCase items={[{ kind: 'DECISION', id }]} name="this decision" />
          ) : null}
          <CopyMenu question={{ document: DECISION, variables }} />
          <ActionIcon variant="default" aria-label="Close the decision" onClick={close}>
            <Icon name="close" />
          </ActionIcon>
        </span>
      </div>
      <div className="panel-body">
        <Show asked={asked} what="the decision">
          {({ decision }) =>
            decision.__typename === 'Decision' ? (
              <Details decision={decision} />
            ) : (
              <NotTold
                kind={decision.__typename}
                title="No such decision."
                message={decision.message}
              />
            )
          }
        </Show>
      </div>
    </aside>
  )
}

function Details({ decision }: { readonly decision: FullDecision }) {
  const { answer, kind, intent, intentMethod, at, issuer, caller, tool, resource } = decision
  const agent = agentOf(decision)
  const { policyHash, requestHash, actionHash, task, link, chain, actions, signature } = decision
  return (
    <>
      <h2>
        {tool === null ? 'an action' : toolName(tool)} by {agent?.name ?? 'somebody'}
      </h2>
      <div className="row">
        <StateMark word={answerWord(answer)} />
        <StateMark word={chainWord(decision)} />
        {chain === null ? null : (
          <Link
            to="/chains/$chainId"
            params={{ chainId: chain.id }}
            search={link === null ? {} : { select: link.hash }}
          >
            Open the chain
          </Link>
        )}
      </div>
      <section className="panel-section">
        <h3>The decision</h3>
        <dl className="pairs">
          <dt>decided</dt>
          <dd>
            <Instant at={at} />
          </dd>
          <dt>by</dt>
          <dd className="mono">{issuer ?? 'not known'}</dd>
          <dt>about</dt>
          <dd>
            {kind === 'REQUEST'
              ? 'the request: whether it is allowed'
              : 'the request, and whether it serves the task'}
          </dd>
          {kind === 'INTENT' ? (
            <>
              <dt>intent</dt>
              <dd>
                {intent === null ? 'not judged' : answerWord(intent).text}
                {intentMethod === null ? '' : `, by ${intentMethod}`}
              </dd>
            </>
          ) : null}
          <dt>record</dt>
          <dd>
            <StateMark word={recordWord(signature, decision.verdict)} />{' '}
            <OutcomeText part={decision.verdict} />
          </dd>
        </dl>
      </section>
      <PolicySaid evaluation={decision.evaluation} hash={policyHash} />
      <section className="panel-section">
        <h3>What was asked</h3>
        <dl className="pairs">
          <dt>agent</dt>
          <dd>
            <AgentName agent={agent} />
          </dd>
          {caller === null ? null : (
            <>
              <dt>for</dt>
              <dd>
                <AgentName agent={caller} />
              </dd>
            </>
          )}
          <dt>tool</dt>
          <dd className="mono">{tool ?? 'not known'}</dd>
          <dt>service</dt>
          <dd className="mono">{decision.service ?? 'not named'}</dd>
          <dt>resource</dt>
          <dd className="mono">{resource ?? 'not named'}</dd>
          {decision.arguments.map((argument) => (
            <div key={argument.name} style={{ display: 'contents' }}>
              <dt>{argument.name}</dt>
              <dd className="mono">{argumentText(argument)}</dd>
            </div>
          ))}
          <dt>task</dt>
          <dd className="mono">{task ?? 'not named'}</dd>
          <dt>digest of the request</dt>
          <dd className="mono">{requestHash ?? 'not named'}</dd>
          <dt>call</dt>
          <dd className="mono">{actionHash ?? 'not named'}</dd>
        </dl>
      </section>
      <section className="panel-section">
        <h3>The chain that was shown</h3>
        {link === null ? (
          <p className="dim">None is named.</p>
        ) : (
          <OutcomeText part={link.verdict} />
        )}
      </section>
      <section className="panel-section">
        <h3>{counted(actions.totalCount.value, 'call')} that it decided</h3>
        <ul className="plain-list">
          {actions.nodes.map((action) => (
            <li key={action.id}>
              {action.chain === null ? (
                <span className="mono">{toolName(action.tool)}</span>
              ) : (
                <Link
                  to="/chains/$chainId"
                  params={{ chainId: action.chain.id }}
                  search={{ select: action.id }}
                  className="mono"
                >
                  {toolName(action.tool)}
                </Link>
              )}
              <span>effect {action.effect.toLowerCase()}</span>
              <Instant at={action.at} />
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function PolicySaid({
  evaluation,
  hash,
}: {
  readonly evaluation: FullDecision['evaluation']
  readonly hash: string | null
}) {
  return (
    <section className="panel-section">
      <h3>What the policy said</h3>
      <dl className="pairs">
        <dt>policy set</dt>
        <dd className="mono">{hash ?? 'not named'}</dd>
        <dt>by itself</dt>
        <dd>
          <StateMark word={policyWord(evaluation)} />
          {evaluation === null ? null : (
            <span className="dim">
              {evaluation.mode === 'OBSERVE' ? ' observed, not enforced' : ' enforced'}
            </span>
          )}
        </dd>
        {evaluation === null ? null : (
          <>
            <dt>decided by</dt>
            <dd className="mono">
              {evaluation.policies.length === 0 ? 'no policy' : evaluation.policies.join(', ')}
            </dd>
            <dt>errors</dt>
            <dd>
              {evaluation.errors.length === 0
                ? 'none'
                : evaluation.errors.map(errorText).join('; ')}
            </dd>
            <dt>took</dt>
            <dd>
              {milliseconds(evaluation.latency)}, {evaluation.engine}
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}
