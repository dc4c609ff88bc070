import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { DayField, dayIn, endOfDay } from '../../../shared/day-field.tsx'
import type { CloseReason } from './documents.ts'
import type { Saying } from './use-triage.ts'
import { REASONS } from './words.ts'

/** What needs more than a click. */
export type FormKind = 'assign' | 'close' | 'accept' | 'comment'

const TITLES: Readonly<Record<FormKind, string>> = {
  assign: 'Assign',
  close: 'Close',
  accept: 'Accept until a day',
  comment: 'Comment',
}

/** Asks for what a word needs: a name, a reason, a time, a comment. */
export function TriageForm({
  kind,
  ownName,
  assignee,
  busy,
  submit,
  cancel,
}: {
  readonly kind: FormKind
  readonly ownName: string | undefined
  /** Who has it now. */
  readonly assignee: string | null
  readonly busy: boolean
  readonly submit: (saying: Saying) => void
  readonly cancel: () => void
}) {
  const [name, setName] = useState(assignee ?? ownName ?? '')
  const [reason, setReason] = useState<CloseReason | null>(null)
  const [day, setDay] = useState(() => dayIn(30))
  const [comment, setComment] = useState('')
  const until = endOfDay(day)
  const said = comment.trim() === '' ? {} : { comment: comment.trim() }
  const saying = (): Saying | undefined => {
    if (kind === 'assign')
      return name.trim() === '' ? undefined : { assignee: name.trim(), ...said }
    if (kind === 'comment') return 'comment' in said ? said : undefined
    if (reason === null) return undefined
    if (kind === 'close') return { state: 'CLOSED', reason, ...said }
    return until === undefined ? undefined : { state: 'ACCEPTED', reason, until, ...said }
  }
  const ready = saying()
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready !== undefined) submit(ready)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') cancel()
  }
  return (
    <form
      className="triage-form"
      aria-label={TITLES[kind]}
      onSubmit={onSubmit}
      onKeyDown={onKeyDown}
    >
      <div className="triage-fields">
        {kind === 'assign' ? (
          <TextInput
            size="xs"
            label="To"
            value={name}
            maxLength={256}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
            autoFocus
          />
        ) : null}
        {kind === 'close' || kind === 'accept' ? (
          <Select
            size="xs"
            label="Reason"
            placeholder="Choose one"
            data={Object.entries(REASONS).map(([value, label]) => ({ value, label }))}
            value={reason}
            onChange={(value) => setReason(value as CloseReason | null)}
            comboboxProps={{ withinPortal: false }}
            autoFocus
          />
        ) : null}
        {kind === 'accept' ? (
          <DayField label="Until the end of" value={day} change={setDay} />
        ) : null}
      </div>
      <Textarea
        size="xs"
        label={kind === 'comment' ? 'Comment' : 'Comment, if you like'}
        value={comment}
        maxLength={4_000}
        onChange={(event) => setComment(event.currentTarget.value)}
        rows={2}
        autoFocus={kind === 'comment'}
      />
      <div className="row">
        <Button type="submit" size="xs" disabled={ready === undefined || busy}>
          {kind === 'accept' ? 'Accept' : TITLES[kind]}
        </Button>
        {kind === 'assign' && assignee !== null ? (
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            onClick={() => submit({ unassign: true, ...said })}
          >
            To nobody
          </Button>
        ) : null}
        <Button size="xs" variant="subtle" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
