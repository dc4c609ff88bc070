import { Link } from '@tanstack/react-router'
import { argumentText } from '../../../shared/argument-text.ts'
import { Instant } from '../../../shared/instant.tsx'
import { GradeMark, severityName, Tag } from '../../../shared/marks.tsx'
import { AgentName, PrincipalName } from '../../../shared/names.tsx'
import { RawJson } from '../../../shared/raw-json.tsx'
import { ScopeChip } from '../../../shared/scope-chip.tsx'
import { toolName } from '../../../shared/short.ts'
import { TraceLinks } from '../../../shared/trace-links.tsx'
import { VerdictParts } from '../../../shared/verdict-parts.tsx'
import type { ChainAction } from '../documents.ts'
import { chipOfAction } from '../scope-funnel.ts'
import { DecisionPairs } from './decision-details.tsx'

export function ActionDetails({ action }: { readonly action: ChainAction }) {
  const { why, findings } = action
  return (
    <>
      <h2>
        {action.agent?.name ?? 'somebody'} called {toolName(action.tool)}
      </h2>
      <div className="row">
        <GradeMark grade={action.grade} />
        <ScopeChip {...chipOfAction(action)} />
      </div>
      <section className="panel-section">
        <h3>Why it was allowed</h3>
        <p>{why.sentence}</p>
        {why.source === null ? null : (
          <p>
            It relied on the {why.source.kind} that <PrincipalName principal={why.source.giver} />{' '}
            gave to <AgentName agent={why.source.holder} />.
          </p>
        )}
        {findings.length === 0 ? null : (
          <ul className="facts">
            {findings.map(({ id, rule, title, severity, state }) => (
              <li key={id}>
                <Link to="/findings" search={{ finding: id, tab: 'all' }}>
                  {rule}, {severityName(severity)}: {title}
                </Link>
                {state === 'OPEN' ? null : <Tag>{state.toLowerCase()}</Tag>}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="panel-section">
        <h3>The verdict, part by part</h3>
        <VerdictParts verdict={action.verdict} />
      </section>
      <section className="panel-section">
        <h3>What policy said of it</h3>
        {action.decisionRecords.length === 0 ? (
          <p className="dim">
            No decision on this call is recorded. Whether one was made is not known.
          </p>
        ) : (
          action.decisionRecords.map((one) => <DecisionPairs key={one.id} decision={one} />)
        )}
      </section>
      <section className="panel-section">
        <h3>The call</h3>
        <dl className="pairs">
          <dt>by</dt>
          <dd>
            <AgentName agent={action.agent} />
          </dd>
          <dt>from, until</dt>
          <dd>
            <Instant at={action.at} /> – <Instant at={action.endedAt} />
          </dd>
          <dt>tool</dt>
          <dd className="mono">{action.tool}</dd>
          <dt>arguments</dt>
          <dd className="mono">
            {action.arguments.length === 0 ? 'none was disclosed' : null}
            {action.arguments.map((argument) => (
              <div key={argument.name}>
                {argument.name} = {argumentText(argument)}
              </div>
            ))}
          </dd>
          <dt>hash of the call</dt>
          <dd className="mono">{action.actionHash ?? 'not known'}</dd>
          <dt>link</dt>
          <dd className="mono">{action.link?.hash ?? 'none'}</dd>
          <dt>effect</dt>
          <dd>{action.effect.toLowerCase()}</dd>
          <dt>receipt</dt>
          <dd>
            {action.receipt.state.toLowerCase()} <code>{action.receipt.hash ?? ''}</code>
          </dd>
          <dt>service called</dt>
          <dd>{action.calledSide.agreement.toLowerCase()}</dd>
          <dt>trace</dt>
          <dd className="mono">{action.traceId}</dd>
          <dt>span</dt>
          <dd className="mono">{action.spanId}</dd>
          <TraceLinks links={action.traceLinks} />
        </dl>
      </section>
      <RawJson name={`action-${action.id}`} value={action} />
    </>
  )
}
