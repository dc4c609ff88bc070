import { Instant } from '../../../shared/instant.tsx'
import { StateMark, Tag } from '../../../shared/marks.tsx'
import { counted, shortHash } from '../../../shared/short.ts'
import type { AgentProfile } from '../documents.ts'
import { inRotation } from './rotation.ts'

/** Its keys in the order in which they were used, the newest first, each with its first and last link. */
export function KeyList({ keys }: { readonly keys: AgentProfile['keys'] }) {
  const rows = inRotation(keys)
  if (rows.length === 0) return <p className="dim">No key of it is known.</p>
  return (
    <div className="matrix-scroll" tabIndex={0} role="region" aria-label="Keys">
      <table className="matrix key-table">
        <caption>Keys, the newest in use first</caption>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">First link</th>
            <th scope="col">Last link</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(
            ({ thumbprint, algorithm, registered, links, firstLinkAt, lastLinkAt, says }) => (
              <tr key={thumbprint}>
                <th scope="row">
                  <code title={thumbprint}>{shortHash(thumbprint)}</code>{' '}
                  {says === undefined ? null : <Tag>{says}</Tag>}
                  <div className="dim">
                    {algorithm ?? 'algorithm not known'}, {counted(links, 'link')}
                  </div>
                  <StateMark
                    word={
                      registered
                        ? { text: 'registered by its owner', tone: 'good' }
                        : { text: 'not registered', tone: 'unknown' }
                    }
                  />
                </th>
                <td>{firstLinkAt === null ? 'none' : <Instant at={firstLinkAt} />}</td>
                <td>{lastLinkAt === null ? 'none' : <Instant at={lastLinkAt} />}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}
