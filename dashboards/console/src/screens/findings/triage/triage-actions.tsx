import { Button } from '@mantine/core'
import { Instant } from '../../../shared/instant.tsx'
import type { Conflict } from './documents.ts'
import { type FormKind, TriageForm } from './triage-form.tsx'
import type { Saying, Target, Triage } from './use-triage.ts'
import { isAside, STATES } from './words.ts'

interface Props {
  readonly triage: Triage
  readonly targets: readonly Target[]
  readonly assignee: string | null
  readonly ownName: string | undefined
  readonly form: FormKind | undefined
  readonly setForm: (form: FormKind | undefined) => void
  /** After it was taken. */
  readonly done: () => void
  /** Asks for what stands now, where somebody else was there first. */
  readonly again: () => void
}

/** What can be said of one or several findings, and what became of it. */
export function TriageActions(props: Props) {
  const { triage, targets, assignee, ownName, form, setForm, done, again } = props
  const say = async (saying: Saying): Promise<void> => {
    if (!(await triage.say(targets, saying))) return
    setForm(undefined)
    done()
  }
  const states = new Set(targets.map(({ triage: { state } }) => state))
  const isAnyAside = [...states].some(isAside)
  const isAllAside = [...states].every(isAside)
  const button = (label: string, act: () => void) => (
    <Button key={label} size="xs" variant="default" disabled={triage.busy} onClick={act}>
      {label}
    </Button>
  )
  const open = (kind: FormKind) => () => setForm(form === kind ? undefined : kind)
  return (
    <div className="triage-actions">
      <div className="row">
        {isAnyAside || (states.size === 1 && states.has('ACKNOWLEDGED'))
          ? null
          : button('Acknowledge', () => void say({ state: 'ACKNOWLEDGED' }))}
        {isAnyAside || (states.size === 1 && states.has('IN_PROGRESS'))
          ? null
          : button('In progress', () => void say({ state: 'IN_PROGRESS' }))}
        {button('Assign …', open('assign'))}
        {isAnyAside ? null : button('Close …', open('close'))}
        {isAnyAside ? null : button('Accept …', open('accept'))}
        {isAllAside ? button('Reopen', () => void say({ state: 'NEW' })) : null}
        {button('Comment …', open('comment'))}
      </div>
      {form === undefined ? null : (
        <TriageForm
          key={form}
          kind={form}
          ownName={ownName}
          assignee={assignee}
          busy={triage.busy}
          submit={(saying) => void say(saying)}
          cancel={() => setForm(undefined)}
        />
      )}
      {triage.refused === undefined ? null : (
        <div className="triage-refused" role="alert">
          {triage.refused.kind === 'conflict' ? (
            <Changed conflict={triage.refused.conflict} isOne={targets.length === 1} />
          ) : (
            <p>Nothing was changed: {triage.refused.message}</p>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              triage.forget()
              setForm(undefined)
              again()
            }}
          >
            Look again
          </Button>
        </div>
      )}
    </div>
  )
}

/** Who was there first, and with what. */
function Changed({ conflict, isOne }: { readonly conflict: Conflict; readonly isOne: boolean }) {
  const { title, triage } = conflict.finding
  return (
    <p>
      <b>{triage.updatedBy ?? 'Somebody'} changed it meanwhile</b>
      {isOne ? '' : `: “${title}”`}. It is {STATES[triage.state].text}
      {triage.assignee === null ? '' : `, ${triage.assignee}’s,`}
      {triage.updatedAt === null ? null : (
        <>
          {' '}
          since <Instant at={triage.updatedAt} />
        </>
      )}
      . Nothing of yours was written.
    </p>
  )
}
