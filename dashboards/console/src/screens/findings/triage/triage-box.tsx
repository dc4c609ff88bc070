import { useState } from 'react'
import { may, useViewer } from '../../../api/use-viewer.ts'
import { Instant } from '../../../shared/instant.tsx'
import { useOwnName } from '../../../shared/own-name.ts'
import { counted } from '../../../shared/short.ts'
import type { FullFinding } from '../documents.ts'
import { TriageActions } from './triage-actions.tsx'
import type { FormKind } from './triage-form.tsx'
import { Assignee, HiddenMark, TriageMark } from './triage-mark.tsx'
import { REASONS } from './words.ts'

/** Where people stand with the finding, what can be said of it, and all that was said. */
export function TriageBox({
  finding,
  changed,
  again,
}: {
  readonly finding: FullFinding
  /** After something was said of it. */
  readonly changed: () => void
  /** Asks for the finding anew. */
  readonly again: () => void
}) {
  const { triage } = finding
  const { suppressedBy } = triage
  const [form, setForm] = useState<FormKind>()
  const viewer = useViewer()
  const { name } = useOwnName()
  return (
    <section className="triage-box" aria-label="Triage">
      <div className="row">
        <TriageMark state={triage.state} />
        {suppressedBy === null ? null : <HiddenMark />}
        <Assignee name={triage.assignee} />
        {triage.reason === null ? null : <span>{REASONS[triage.reason]}</span>}
        {triage.until === null ? null : (
          <span>
            until <Instant at={triage.until} />
          </span>
        )}
        {triage.updatedBy === null ? null : (
          <span className="dim">
            by {triage.updatedBy}, <Instant at={triage.updatedAt} />
          </span>
        )}
      </div>
      {triage.note === null ? null : <p className="triage-note">{triage.note}</p>}
      {suppressedBy === null ? null : (
        <p>
          {suppressedBy.owner} hides it until <Instant at={suppressedBy.until} />:{' '}
          {suppressedBy.reason}
        </p>
      )}
      {may(viewer, 'ANALYST') ? (
        <TriageActions
          targets={[finding]}
          assignee={triage.assignee}
          ownName={name}
          form={form}
          setForm={setForm}
          done={changed}
          again={again}
        />
      ) : null}
      {triage.history.length === 0 ? null : (
        <details className="triage-history">
          <summary>{counted(triage.history.length, 'word')} said of it</summary>
          <ol className="timeline">
            {triage.history.toReversed().map((event) => (
              <li key={event.version}>
                <Instant at={event.at} />
                <span>
                  <b>{event.by}</b> <TriageMark state={event.state} />{' '}
                  {event.assignee === null ? '' : `${event.assignee}’s`}
                  {event.reason === null ? '' : ` ${REASONS[event.reason]}`}
                  {event.until === null ? null : (
                    <>
                      {' '}
                      until <Instant at={event.until} />
                    </>
                  )}
                  {event.comment === null ? null : (
                    <span className="triage-note">{event.comment}</span>
                  )}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}
