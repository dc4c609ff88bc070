import { Instant } from '../../../shared/instant.tsx'
import type { AgentProfile } from '../documents.ts'

/** The one instance of an agent, or how many there are. */
export function InstanceWord({
  instances: { instances, complete },
}: Pick<AgentProfile, 'instances'>) {
  const { length } = instances
  if (!complete) return <>more than {length}</>
  if (length === 1) return <span className="mono">{instances[0]?.instanceUid}</span>
  return length === 0 ? <span className="dim">not told</span> : <>{length}, below</>
}

/** The instances that an agent was seen as, whoever was seen last first. One alone is said above. */
export function InstanceList({
  instances: { instances, complete },
}: Pick<AgentProfile, 'instances'>) {
  if (complete && instances.length < 2) return null
  return (
    <div className="matrix-scroll" tabIndex={0} role="region" aria-label="Instances">
      <table className="matrix key-table">
        <caption>
          Instances, the last seen first
          {complete ? null : ': those of its newest calls and links, there are more'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Instance</th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {instances.map(({ instanceUid, firstSeenAt, lastSeenAt }) => (
            <tr key={instanceUid}>
              <th scope="row">
                <code>{instanceUid}</code>
              </th>
              <td>{firstSeenAt === null ? 'not told' : <Instant at={firstSeenAt} />}</td>
              <td>{lastSeenAt === null ? 'not told' : <Instant at={lastSeenAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
