import { DETECTORS } from '@delegraph/graph-schema'
import { Button, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { DayField, dayIn, endOfDay } from '../../shared/day-field.tsx'
import { severityName } from '../../shared/marks.tsx'
import { RULES } from '../findings/inbox-search.ts'
import { Preview } from './preview.tsx'
import {
  AT_MOST,
  matcherOf,
  type SuppressionsSearch,
  suppressionsSearch,
  TEXTS,
  type TextPart,
} from './suppressions-search.ts'
import { useSaying } from './use-saying.ts'

const PARTS = Object.keys(TEXTS) as TextPart[]

/** Writes a rule: what it hides is shown before it can be said. The matcher that is shown is in the URL. */
export function SuppressionForm({
  search,
  show,
  cancel,
  done,
}: {
  readonly search: SuppressionsSearch
  /** Puts a matcher into the URL, and so shows what it would hide. */
  readonly show: (search: SuppressionsSearch) => void
  readonly cancel: () => void
  readonly done: () => void
}) {
  const [rule, setRule] = useState(search.rule ?? [])
  const [most, setMost] = useState<string | null>(search.most ?? null)
  const [texts, setTexts] = useState(() => textsOf(search))
  const [reason, setReason] = useState('')
  const [day, setDay] = useState(() => dayIn(30))
  const saying = useSaying()
  const until = endOfDay(day)
  const written = suppressionsSearch({
    ...{ show: search.show, write: 'yes', rule, most: most ?? undefined },
    ...texts,
  })
  const matcher = matcherOf(written)
  const shown = matcherOf(search)
  const isShown = JSON.stringify(matcher) === JSON.stringify(shown)
  const isReady = matcher !== undefined && isShown && reason.trim() !== '' && until !== undefined
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isShown) return show(written)
    if (isReady && (await saying.suppress(matcher, reason.trim(), until))) done()
  }
  return (
    <form
      className="suppression-form panel"
      aria-label="New suppression"
      onSubmit={(event) => void submit(event)}
    >
      <h2>Hide findings until a day</h2>
      <p className="dim">
        What is given must hold for all of it; several values of one field are alternatives, each
        entered by itself. What becomes graver than the severity is visible again at once.
      </p>
      <div className="suppression-fields">
        <MultiSelect
          size="xs"
          label="Rules"
          data={RULES.map((id) => ({ value: id, label: `${id} ${DETECTORS[id]}` }))}
          value={rule}
          onChange={setRule}
          searchable
          comboboxProps={{ withinPortal: false }}
        />
        <Select
          size="xs"
          label="Severity at most"
          placeholder="any"
          data={AT_MOST.map((value) => ({ value, label: severityName(Number(value)) }))}
          value={most}
          onChange={setMost}
          clearable
          comboboxProps={{ withinPortal: false }}
        />
        {PARTS.map((part) => (
          <TagsInput
            key={part}
            size="xs"
            label={TEXTS[part]}
            value={texts[part]}
            onChange={(values) => setTexts({ ...texts, [part]: values })}
          />
        ))}
      </div>
      {shown === undefined ? null : <Preview matcher={shown} isOld={!isShown} />}
      <div className="suppression-fields">
        <TextInput
          size="xs"
          label="Reason"
          value={reason}
          maxLength={4_000}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
        <DayField label="Until the end of" value={day} change={setDay} />
      </div>
      {saying.refused === undefined ? null : (
        <p role="alert">Nothing was changed: {saying.refused}</p>
      )}
      <div className="row">
        <Button
          size="xs"
          variant="default"
          disabled={matcher === undefined || isShown}
          onClick={() => show(written)}
        >
          Show what it would hide
        </Button>
        <Button type="submit" size="xs" disabled={!isReady || saying.busy}>
          Suppress
        </Button>
        <Button size="xs" variant="subtle" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

function textsOf(search: SuppressionsSearch): Record<TextPart, string[]> {
  const { agent = [], from = [], tool = [], fingerprint = [] } = search
  return { agent: [...agent], from: [...from], tool: [...tool], fingerprint: [...fingerprint] }
}
