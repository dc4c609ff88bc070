import { Button } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../../shared/icon.tsx'
import { counted } from '../../../shared/short.ts'
import { useKeys } from '../../../shared/use-keys.ts'
import { useRefusal } from '../../../shared/use-refusal.ts'
import { useAdding } from '../../cases/add/adding.ts'
import { CASE_KEYS } from '../../cases/add/keys.ts'
import type { FindingRow } from '../documents.ts'
import { MOST_TAKEN as MOST } from '../inbox-rows.ts'
import { TRIAGE_KEYS } from '../keys.ts'
import { toAdd } from '../to-add.ts'
import { TriageActions } from './triage-actions.tsx'
import type { FormKind } from './triage-form.tsx'
import type { Picks } from './use-picks.ts'
import { useTriage } from './use-triage.ts'

/** Says the same of all that is selected, in one mutation; the keys take the row at the cursor where nothing is. */
export function BulkBar({
  picks,
  cursor,
  ownName,
  again,
}: {
  readonly picks: Picks
  /** What stands at the cursor. */
  readonly cursor: () => Promise<readonly FindingRow[]>
  readonly ownName: string | undefined
  /** Asks for the list anew: after something was said, here or by somebody else. */
  readonly again: () => void
}) {
  const [form, setForm] = useState<FormKind>()
  const triage = useTriage()
  const refusal = useRefusal('ANALYST')
  const { findings } = picks
  const done = (): void => {
    setForm(undefined)
    picks.clear()
    again()
  }
  /** What a key is about; it becomes the selection, so that it is seen what is changed. */
  const taken = async (): Promise<readonly FindingRow[]> => {
    if (findings.length > 0) return findings
    const found = await cursor()
    picks.only(found)
    return found
  }
  const isOff = refusal !== undefined || triage.busy
  const open = async (kind: FormKind): Promise<void> => {
    if (isOff || (await taken()).length === 0) return
    setForm(kind)
  }
  const acknowledge = async (): Promise<void> => {
    const targets = isOff ? [] : await taken()
    if (targets.length === 0 || targets.length > MOST) return
    if (await triage.say(targets, { state: 'ACKNOWLEDGED' })) done()
  }
  useKeys(TRIAGE_KEYS, {
    acknowledge: () => void acknowledge(),
    assign: () => void open('assign'),
    close: () => void open('close'),
  })
  const adding = useAdding()
  const gather = async (): Promise<void> => {
    const all = await taken()
    if (all.length > 0 && all.length <= MOST) adding?.({ ...toAdd(all), done: picks.clear })
  }
  useKeys(CASE_KEYS, adding === undefined ? {} : { add: () => void gather() })
  if (findings.length === 0) return null
  const [first] = findings
  const isSame = findings.every(({ triage }) => triage.assignee === first?.triage.assignee)
  return (
    <section className="bulk-bar" aria-label="Selected findings">
      <div className="row">
        <b role="status">{counted(findings.length, 'finding')} selected</b>
        <Button size="xs" variant="subtle" onClick={picks.clear}>
          Select none
        </Button>
        {adding === undefined ? null : (
          <Button
            size="xs"
            variant="default"
            disabled={findings.length > MOST}
            leftSection={<Icon name="case" />}
            onClick={() => void gather()}
          >
            Add to a case …
          </Button>
        )}
      </div>
      {refusal !== undefined || findings.length > MOST ? (
        <p className="dim">{refusal ?? `Something can be said of ${MOST} at once.`}</p>
      ) : (
        <TriageActions
          triage={triage}
          targets={findings}
          assignee={isSame ? (first?.triage.assignee ?? null) : null}
          ownName={ownName}
          form={form}
          setForm={setForm}
          done={done}
          again={again}
        />
      )}
    </section>
  )
}
