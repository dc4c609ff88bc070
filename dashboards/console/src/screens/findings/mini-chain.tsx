import { signatureWord, verdictWord } from '../../shared/link-words.ts'
import { StateMark } from '../../shared/marks.tsx'
import { AgentName, PrincipalName } from '../../shared/names.tsx'
import { ScopeChip } from '../../shared/scope-chip.tsx'
import { toolName } from '../../shared/short.ts'
import type { FullFinding } from './documents.ts'

/** The hops as they were judged, root first, and the call below them. */
export function MiniChain({ finding }: { readonly finding: FullFinding }) {
  const { hops, breaksAt, agent, tool, action, source } = finding
  const [root] = hops
  return (
    <ol className="mini-chain">
      <li className="mini-party">
        {root?.delegator?.__typename === 'Agent' ? (
          <AgentName agent={root.delegator} />
        ) : (
          <PrincipalName principal={root?.delegator} />
        )}
      </li>
      {hops.map((hop) => {
        const evidence = { ...hop, arrived: hop.link?.arrived ?? hop.signature !== 'MISSING' }
        const verdict = verdictWord(evidence)
        return (
          <li key={hop.hash} className={hop.covers === 'NO' ? 'mini-hop is-uncovered' : 'mini-hop'}>
            <div className="row">
              {hop.granted.map(({ tool: granted, limits, change }) => (
                <ScopeChip
                  key={granted}
                  tool={granted}
                  limits={limits}
                  state={
                    change === null ? 'granted' : (change.toLowerCase() as Lowercase<typeof change>)
                  }
                />
              ))}
            </div>
            <div className="row">
              <AgentName agent={hop.delegate} />
              <StateMark word={signatureWord(evidence)} />
              {verdict === undefined ? null : <StateMark word={verdict} />}
              {hop.hash === breaksAt?.hash ? (
                <b className="mini-breaks">the permission ends here</b>
              ) : null}
            </div>
          </li>
        )
      })}
      {tool === null ? null : (
        <li className="mini-call">
          <b>
            {agent.name} did {toolName(tool)}
          </b>
          <span>
            {action === null
              ? ''
              : `effect ${action.effect.toLowerCase()}, receipt ${action.receipt.state.toLowerCase()}`}
          </span>
          {source === null || source.kind === 'link' ? null : (
            <span>
              on {source.kind === 'approval' ? 'the approval' : `the ${source.kind}`} that{' '}
              {source.giver?.name ?? 'somebody'} gave to {source.holder.name}
            </span>
          )}
        </li>
      )}
    </ol>
  )
}
