import { ActionIcon, Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { useAsOf } from '../../app/as-of.ts'
import { argumentText } from '../../shared/argument-text.ts'
import { Show } from '../../shared/asked.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Icon } from '../../shared/icon.tsx'
import { Instant } from '../../shared/instant.tsx'
import { GradeMark, Severity, StateMark, severityName, Tag } from '../../shared/marks.tsx'
import { AgentName } from '../../shared/names.tsx'
import { counted } from '../../shared/short.ts'
import { Empty } from '../../shared/states.tsx'
import { TraceLinks } from '../../shared/trace-links.tsx'
import { VerdictParts } from '../../shared/verdict-parts.tsx'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import { ApprovalRecord } from './approval-record.tsx'
import { CaseFile } from './case/case-file.tsx'
import { FINDING, type FullFinding } from './documents.ts'
import { FactList } from './fact-list.tsx'
import './finding-panel.css'
import { inboxSearch } from './inbox-search.ts'
import { MiniChain } from './mini-chain.tsx'
import { PolicyDecisions } from './policy-decisions.tsx'
import { Runbook } from './runbook/runbook.tsx'
import { SimilarFindings } from './similar-findings.tsx'
import { TriageBox } from './triage/triage-box.tsx'
import { WhoseYes } from './whose-yes.tsx'

/** One finding beside the list: why it fired, whose yes it was, and what would have made it right. */
export function FindingPanel({
  id,
  close,
  changed,
}: {
  readonly id: string
  readonly close: () => void
  /** After something was said of it. */
  readonly changed: () => void
}) {
  const asOf = useAsOf()
  const variables = { id, ...(asOf === undefined ? {} : { asOf }) }
  const asked = useAsk(FINDING, variables)
  const again = (): void => {
    if (asked.state === 'answered') asked.again()
    changed()
  }
  return (
    <aside className="finding-panel" aria-label="Finding">
      <div className="panel-bar">
        <span className="dim mono clip">{id}</span>
        <span className="spread row">
          {asked.state === 'answered' && asked.data.finding.__typename === 'Finding' ? (
            <AddToCase items={[{ kind: 'FINDING', id }]} name={asked.data.finding.title} />
          ) : null}
          <CopyMenu question={{ document: FINDING, variables }} />
          <ActionIcon variant="default" aria-label="Close the finding" onClick={close}>
            <Icon name="close" />
          </ActionIcon>
        </span>
      </div>
      <div className="panel-body">
        <Show asked={asked} what="the finding">
          {({ finding }) =>
            finding.__typename === 'Finding' ? (
              <Content finding={finding} again={again} />
            ) : (
              <Empty title={finding.message} />
            )
          }
        </Show>
      </div>
    </aside>
  )
}

function Content({
  finding,
  again,
}: {
  readonly finding: FullFinding
  readonly again: () => void
}) {
  const { grounds, counterfactual, remedy, chain, action, link, source } = finding
  const selected = action?.id ?? link?.hash
  return (
    <>
      <div className="row">
        <Severity value={finding.severity} />
        <Tag>
          {finding.rule} {finding.ruleName}
        </Tag>
        <GradeMark grade={finding.grade} />
        {finding.certainty === 'CERTAIN' ? null : (
          <StateMark word={{ text: finding.certainty.toLowerCase(), tone: 'unknown' }} />
        )}
        {finding.state === 'WITHDRAWN' ? <Tag>withdrawn</Tag> : null}
        {finding.pages ? <Tag>wakes somebody</Tag> : null}
      </div>
      <h2 className="panel-title">{finding.title}</h2>
      <p className="dim">
        Happened <Instant at={finding.happenedAt} />, learned <Instant at={finding.raisedAt} />
      </p>

      <WhoseYes finding={finding} />
      <TriageBox finding={finding} again={again} />

      {finding.hops.length === 0 ? null : (
        <Section title="The path, and where it breaks">
          <MiniChain finding={finding} />
        </Section>
      )}
      {chain === null ? null : (
        <Button
          component={Link}
          to="/chains/$chainId"
          params={{ chainId: chain.id } as never}
          search={(selected === undefined ? {} : { select: selected }) as never}
          leftSection={<Icon name="chain" />}
          size="sm"
        >
          Show the whole chain
        </Button>
      )}

      <Section title="Why it fired">
        <FactList facts={grounds} />
        {counterfactual === null ? null : <p className="counterfactual">{counterfactual}</p>}
      </Section>

      {remedy === null ? null : (
        <Section title="What would have made it right">
          <p>{remedy.sentence}</p>
          {remedy.until === null ? null : (
            <p className="dim">
              It would have to end by <Instant at={remedy.until} />.
            </p>
          )}
        </Section>
      )}

      <Runbook rule={finding.rule} ruleName={finding.ruleName} />

      {source?.approval == null ? null : (
        <Section title="The approval that was used">
          <ApprovalRecord approval={source.approval} />
        </Section>
      )}

      {action === null ? null : (
        <Section title="What policy said of the call">
          <PolicyDecisions action={action} />
        </Section>
      )}

      {finding.timeline.length === 0 ? null : (
        <Section title="In the order in which it happened">
          <ol className="timeline">
            {finding.timeline.map(({ at, what }) => (
              <li key={`${at} ${what}`}>
                <Instant at={at} /> <span>{what}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}

      {finding.flow.length === 0 ? null : (
        <Section title="The way the data took">
          <ol className="timeline">
            {finding.flow.map(({ at, did, agent, resource }) => (
              <li key={`${at} ${did} ${agent.id} ${resource}`}>
                <Instant at={at} />
                <span>
                  <AgentName agent={agent} /> {did} {resource ?? 'content'}
                </span>
              </li>
            ))}
          </ol>
        </Section>
      )}

      {finding.assignments === null ? null : (
        <Section title="Several paths fit">
          <p>
            {finding.assignments.violating} of {finding.assignments.count}
            {finding.assignments.capped ? ' or more' : ''} violate. What would decide:{' '}
            {finding.assignments.decides}
          </p>
        </Section>
      )}

      {finding.verdict === null ? null : (
        <Section title="The verdict, part by part">
          <VerdictParts verdict={finding.verdict} />
        </Section>
      )}

      {finding.sameIncident.length === 0 ? null : (
        <Section title="Of the same incident">
          <ul className="facts">
            {finding.sameIncident.map(({ id, rule, title, severity }) => (
              <li key={id}>
                <Link to="/findings" search={(before) => inboxSearch({ ...before, finding: id })}>
                  {rule}, {severityName(severity)}: {title}
                </Link>
              </li>
            ))}
          </ul>
          <Link
            to="/findings"
            search={{
              tab: 'all',
              incident: [finding.incident],
              group: 'none',
              finding: finding.id,
            }}
          >
            The incident alone, {counted(finding.sameIncident.length + 1, 'finding')}
          </Link>
        </Section>
      )}

      <Section title="Similar findings">
        <SimilarFindings finding={finding} />
      </Section>

      <Section title="How severe, and who was told">
        <ul className="facts">
          {finding.severityReasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
        <p className="dim">
          {finding.alerts.length === 0
            ? 'No channel was told.'
            : finding.alerts
                .map(
                  ({ channel, change, state }) =>
                    `${channel}: ${change.toLowerCase()}, ${state.toLowerCase()}`,
                )
                .join(' · ')}
        </p>
      </Section>
      {action === null ? null : (
        <Section title="The call">
          <Call action={action} resource={finding.resource} />
        </Section>
      )}
      <CaseFile id={finding.id} />
    </>
  )
}

function Call({
  action,
  resource,
}: {
  readonly action: NonNullable<FullFinding['action']>
  readonly resource: string | null
}) {
  return (
    <dl className="pairs">
      <dt>tool</dt>
      <dd className="mono">{action.tool}</dd>
      <dt>resource</dt>
      <dd className="mono">{resource ?? 'not told'}</dd>
      <dt>arguments</dt>
      <dd>
        {action.arguments.length === 0
          ? 'none was disclosed'
          : action.arguments.map((argument) => (
              <div key={argument.name} className="mono">
                {argument.name} = {argumentText(argument)}
              </div>
            ))}
      </dd>
      <dt>hash of the call</dt>
      <dd className="mono">{action.actionHash ?? 'not known'}</dd>
      <dt>effect</dt>
      <dd>{action.effect.toLowerCase()}</dd>
      <dt>receipt</dt>
      <dd>{action.receipt.state.toLowerCase()}</dd>
      <dt>service called</dt>
      <dd>{action.calledSide.agreement.toLowerCase()}</dd>
      <dt>trace, span</dt>
      <dd className="mono">
        {action.traceId} {action.spanId}
      </dd>
      <TraceLinks links={action.traceLinks} />
    </dl>
  )
}

function Section({
  title,
  children,
}: {
  readonly title: string
  readonly children: React.ReactNode
}) {
  return (
    <section className="panel-section">
      <h3>{title}</h3>
      {children}
    </section>
  )
}
