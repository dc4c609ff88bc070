import type { ReactNode } from 'react'
import { Instant } from '../../shared/instant.tsx'
import { counted } from '../../shared/short.ts'
import type { CaseEvent, CaseItem } from './documents.ts'
import { didText } from './event-words.ts'
import { SubjectLink } from './subject-link.tsx'
import { nameOf } from './subject-words.ts'

/** What people did to a case, the oldest first: its log, with what they put into it. */
export function CaseTimeline({
  events,
  items,
  isFolded,
  children,
}: {
  readonly events: readonly CaseEvent[]
  readonly items: readonly CaseItem[]
  readonly isFolded: boolean
  readonly children: ReactNode
}) {
  const known = new Map(items.map((item) => [keyOf(item), item]))
  return (
    <div className="case-scroll" tabIndex={0} role="region" aria-label="Timeline of the case">
      <ol className="case-timeline">
        {events.map((event) => (
          <li key={event.version}>
            <p className="case-did">
              <Instant at={event.at} /> <b>{event.by}</b> {didText(event)}
            </p>
            {event.items.length === 0 ? null : (
              <ul>
                {event.items.map((thing) => {
                  const item = event.change === 'TAKEN' ? undefined : known.get(keyOf(thing))
                  return (
                    <li key={keyOf(thing)}>
                      {item === undefined ? (
                        <span className="dim">
                          {nameOf(thing)}
                          {event.change === 'TAKEN' ? '' : ', taken out since'}
                        </span>
                      ) : (
                        <SubjectLink item={item} />
                      )}
                      {thing.note === null ? null : (
                        <Words what="Note" text={thing.note} isFolded={isFolded} />
                      )}
                    </li>
                  )
                })}
              </ul>
            )}
            {event.comment === null ? null : (
              <Words what="Comment" text={event.comment} isFolded={isFolded} />
            )}
          </li>
        ))}
      </ol>
      {children}
    </div>
  )
}

/** What somebody wrote, as text; it folds, so that much of it takes no place. */
function Words({
  what,
  text,
  isFolded,
}: {
  readonly what: string
  readonly text: string
  readonly isFolded: boolean
}) {
  return (
    <details className="case-words" open={!isFolded} key={String(isFolded)}>
      <summary>
        {what}, {counted(text.length, 'character')}
      </summary>
      <p>{text}</p>
    </details>
  )
}

function keyOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`
}
