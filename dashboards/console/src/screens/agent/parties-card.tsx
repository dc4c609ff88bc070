import { useState } from 'react'
import { Instant } from '../../shared/instant.tsx'
import { AgentName, PrincipalName } from '../../shared/names.tsx'
import { counted } from '../../shared/short.ts'
import type { AgentProfile } from './documents.ts'

const TOP = 10

/** With whom it has to do most, the ten first and the others when they are asked for. */
export function PartiesCard({
  title,
  side: { parties, complete },
}: {
  readonly title: string
  readonly side: AgentProfile['delegatesTo']
}) {
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen ? parties : parties.slice(0, TOP)
  return (
    <section className="panel agent-card">
      <h2>{title}</h2>
      {parties.length === 0 ? <p className="dim">Nobody that was seen.</p> : null}
      <ul className="plain-list">
        {shown.map(({ party, links, lastIssuedAt }) => (
          <li key={party.id}>
            {party.__typename === 'Agent' ? (
              <AgentName agent={party} />
            ) : (
              <PrincipalName principal={party} />
            )}
            <span className="dim">
              {counted(links, 'link')}, last <Instant at={lastIssuedAt} />
            </span>
          </li>
        ))}
      </ul>
      {parties.length <= TOP ? null : (
        <button type="button" className="text-button" onClick={() => setOpen(!isOpen)}>
          {isOpen ? `The first ${TOP} alone` : `All ${parties.length}, most links first`}
        </button>
      )}
      {complete ? null : <p className="dim">Among its newest 500 links.</p>}
    </section>
  )
}
