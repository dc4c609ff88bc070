import { ApprovalTerms } from '../../shared/approval-terms.tsx'
import { argumentText } from '../../shared/argument-text.ts'
import { Instant } from '../../shared/instant.tsx'
import { AgentName, PrincipalName } from '../../shared/names.tsx'
import { counted, toolName } from '../../shared/short.ts'
import type { FullFinding } from './documents.ts'

type Approval = NonNullable<NonNullable<FullFinding['source']>['approval']>

/** The signed yes itself: who, to what, for whom, until when, and who presented it. */
export function ApprovalRecord({ approval }: { readonly approval: Approval }) {
  const { uses } = approval
  return (
    <dl className="pairs">
      <dt>said by</dt>
      <dd>
        <PrincipalName principal={approval.approver} />{' '}
        <span className="dim">{approval.issuer}</span>
      </dd>
      <dt>said</dt>
      <dd>
        {approval.decision ?? 'not known'} <code>{toolName(approval.tool ?? '')}</code>{' '}
        {approval.arguments.map((argument) => (
          <code key={argument.name}>
            {argument.name} = {argumentText(argument)}{' '}
          </code>
        ))}
      </dd>
      <ApprovalTerms approval={approval} />
      <dt>presented</dt>
      <dd>
        {counted(uses.totalCount.value, 'time')}
        {uses.nodes.map(({ id, at, agent }) => (
          <div key={id}>
            <Instant at={at} /> by <AgentName agent={agent} />
          </div>
        ))}
      </dd>
      <dt>id</dt>
      <dd className="mono">{approval.id}</dd>
    </dl>
  )
}
