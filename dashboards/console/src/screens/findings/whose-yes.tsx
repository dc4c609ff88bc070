import { Tag } from '../../shared/marks.tsx'
import { AgentName, PrincipalName } from '../../shared/names.tsx'
import type { FullFinding } from './documents.ts'

/** The person behind it, first of all: whose yes was used, for whom it was meant, and who used it. */
export function WhoseYes({ finding }: { readonly finding: FullFinding }) {
  const { source, agent, owner, principal } = finding
  // The giver of a link is whoever stands at the root of its chain.
  const giver = source?.giver ?? (source?.kind === 'link' ? principal : null)
  return (
    <div className="whose-yes">
      <div>
        <small>Whose yes it was</small>
        {giver == null ? (
          <b>{source === null ? 'nobody’s' : 'not known'}</b>
        ) : (
          <b>
            <PrincipalName principal={giver} />
            {giver.disabled === true ? <Tag>no longer answers</Tag> : null}
          </b>
        )}
        <span>{source === null ? 'no source was found' : wordOf(source.kind)}</span>
      </div>
      <div>
        <small>Given to</small>
        <b>
          <AgentName agent={source?.holder} />
        </b>
        <span>{principal === null ? '' : `for ${principal.name}`}</span>
      </div>
      <div className="whose-used">
        <small>Used by</small>
        <b>
          <AgentName agent={agent} />
        </b>
        <span>{owner === null ? 'nobody answers for it' : `${owner.name} answers for it`}</span>
      </div>
    </div>
  )
}

function wordOf(kind: string): string {
  const words: Readonly<Record<string, string>> = {
    approval: 'by an approval',
    link: 'at the root of the chain',
    standing: 'by a standing permission',
    credential: 'by a credential',
    decision: 'by a decision',
    state: 'by what an agent wrote',
    zone: 'by a zone',
  }
  return words[kind] ?? `by ${kind}`
}
