import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Instant } from '../../../shared/instant.tsx'
import { useOwnName } from '../../../shared/own-name.ts'
import { counted } from '../../../shared/short.ts'
import { useRefusal } from '../../../shared/use-refusal.ts'
import { likeOf } from '../../suppressions/suppressions-search.ts'
import type { FullFinding } from '../documents.ts'
import { TriageActions } from './triage-actions.tsx'
import type { FormKind } from './triage-form.tsx'
import { Assignee, HiddenMark, TriageMark } from './triage-mark.tsx'
import { useTriage } from './use-triage.ts'
import { REASONS } from './words.ts'

/** Where people stand with the finding, what can be said of it, and all that was said. */
export function TriageBox({
  finding,
  again,
}: {
  readonly finding: FullFinding
  /** Asks for the finding anew: after something was said of it, here or by somebody else. */
  readonly again: () => void
}) {
  const { triage } = finding
  const { suppressedBy } = triage
  const [form, setForm] = useState<FormKind>()
  const triaging = useTriage()
  const refusal = useRefusal('ANALYST')
  const maySuppress = useRefusal('ADMIN') === undefined
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
      {refusal === undefined ? (
        <TriageActions
          triage={triaging}
          targets={[finding]}
          assignee={triage.assignee}
          ownName={name}
          form={form}
          setForm={setForm}
          done={again}
          again={again}
        />
      ) : (
        <p className="dim">{refusal}</p>
      )}
      {maySuppress ? (
        <Link to="/suppressions" search={likeOf(finding)}>
          Suppress findings like this …
        </Link>
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
