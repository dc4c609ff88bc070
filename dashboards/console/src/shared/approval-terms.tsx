import { Instant } from './instant.tsx'
import { AgentName } from './names.tsx'
import { OutcomeText } from './verdict-parts.tsx'

type Named = Parameters<typeof AgentName>[0]['agent']
type Part = Parameters<typeof OutcomeText>[0]['part']

/** For whom a yes was, until when, and whether it is signed: rows of a list of pairs. */
export function ApprovalTerms({
  approval,
}: {
  readonly approval: {
    readonly subject: Named
    readonly issuedAt: string | null
    readonly expiresAt: string | null
    readonly verdict: Part
  }
}) {
  return (
    <>
      <dt>to</dt>
      <dd>
        <AgentName agent={approval.subject} />
      </dd>
      <dt>from, until</dt>
      <dd>
        <Instant at={approval.issuedAt} /> – <Instant at={approval.expiresAt} />
      </dd>
      <dt>signature</dt>
      <dd>
        <OutcomeText part={approval.verdict} />
      </dd>
    </>
  )
}
