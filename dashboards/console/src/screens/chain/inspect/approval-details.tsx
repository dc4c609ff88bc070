import { Link } from '@tanstack/react-router'
import { ApprovalTerms } from '../../../shared/approval-terms.tsx'
import { Instant } from '../../../shared/instant.tsx'
import { AgentName, PrincipalName } from '../../../shared/names.tsx'
import { RawJson } from '../../../shared/raw-json.tsx'
import { toolName } from '../../../shared/short.ts'
import type { ChainAction, ChainApproval } from '../documents.ts'
import { TakenBack } from './withdrawal-details.tsx'

export function ApprovalDetails({
  approval,
  actions,
}: {
  readonly approval: ChainApproval
  readonly actions: readonly ChainAction[]
}) {
  const uses = actions.filter(({ approvals }) => approvals.some(({ id }) => id === approval.id))
  return (
    <>
      <h2>
        {approval.approver?.name ?? 'somebody'}: {approval.decision ?? 'not known'}{' '}
        {toolName(approval.tool ?? '')}
      </h2>
      <p>
        <Link to="/explore" search={{ kind: 'approval', id: approval.id }}>
          What could be reached with it?
        </Link>
      </p>
      <dl className="pairs">
        <dt>by</dt>
        <dd>
          <PrincipalName principal={approval.approver} />
        </dd>
        <ApprovalTerms approval={approval} />
        <dt>presented by</dt>
        <dd>
          {uses.map(({ id, agent, at }) => (
            <div key={id}>
              <AgentName agent={agent} /> <Instant at={at} />
            </div>
          ))}
        </dd>
        <dt>id</dt>
        <dd className="mono">{approval.id}</dd>
      </dl>
      <TakenBack withdrawals={approval.withdrawals} />
      <RawJson name={`approval-${approval.id}`} value={approval} />
    </>
  )
}
