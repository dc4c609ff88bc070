import { Instant } from '../../../shared/instant.tsx'
import { StateMark, Tag } from '../../../shared/marks.tsx'
import { PrincipalName } from '../../../shared/names.tsx'
import type { AgentProfile } from '../documents.ts'
import { InstanceList, InstanceWord } from './instance-list.tsx'
import { KeyList } from './key-list.tsx'

/** Who it is, as OCSF's `ai_agent` has it, and who answers for it. What nobody told is said to be so. */
export function IdentityCard({ agent }: { readonly agent: AgentProfile }) {
  const { owner } = agent
  return (
    <section className="panel agent-card">
      <h2>Who it is, and who answers for it</h2>
      <dl className="pairs">
        <dt>uid</dt>
        <dd className="mono">{agent.id}</dd>
        <dt>type</dt>
        <dd>
          <Told text={agent.kind} />
        </dd>
        <dt>version</dt>
        <dd>
          <Told text={agent.version} />
        </dd>
        <dt>model</dt>
        <dd>
          <Told text={agent.model} />
        </dd>
        <dt>charter</dt>
        <dd>
          <Told text={agent.charter} />
        </dd>
        <dt>instance</dt>
        <dd>
          <InstanceWord instances={agent.instances} />
        </dd>
        <dt>owner</dt>
        <dd>
          {owner === null ? (
            <StateMark word={{ text: 'nobody', tone: 'gap' }} />
          ) : (
            <>
              <PrincipalName principal={owner} />{' '}
              {owner.disabled === true ? <Tag>no longer answers</Tag> : null}
            </>
          )}
        </dd>
        <dt>first seen</dt>
        <dd>{agent.firstSeenAt === null ? 'only named' : <Instant at={agent.firstSeenAt} />}</dd>
        <dt>last seen</dt>
        <dd>{agent.lastSeenAt === null ? 'only named' : <Instant at={agent.lastSeenAt} />}</dd>
      </dl>
      <p className="dim">
        Type, version, model and charter are its owner’s word in the registry. An instance is the
        word of whoever sent the evidence.
      </p>
      <InstanceList instances={agent.instances} />
      <KeyList keys={agent.keys} />
    </section>
  )
}

function Told({ text }: { readonly text: string | null }) {
  return text === null ? <span className="dim">not told</span> : text
}
