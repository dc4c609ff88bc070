import { Button, Checkbox, Select, Textarea } from '@mantine/core'
import type { FormEvent } from 'react'
import { FilterPill } from '../../../shared/filter-pill.tsx'
import type { RawSearch } from '../../../shared/search-text.ts'
import { shortHash } from '../../../shared/short.ts'
import { type Draft, LAST } from './draft.ts'

export const DRAFT_ID = 'replay-draft'
export const AGAINST_ID = 'replay-against'
const MAX_TEXT = 24_000

export function ReplayForm({
  draft,
  write,
  policies,
  change,
  submit,
}: {
  readonly draft: Draft
  readonly write: (draft: Draft) => void
  /** Policy sets whose decisions alone are looked at. */
  readonly policies: readonly string[]
  readonly change: (part: RawSearch) => void
  readonly submit: () => void
}) {
  const send = (event: FormEvent): void => {
    event.preventDefault()
    submit()
  }
  const { text, against, last } = draft
  return (
    <form className="replay-form" onSubmit={send} aria-label="Policies to try">
      <Textarea
        id={DRAFT_ID}
        label="Draft, in Cedar"
        description="@id names a policy. It sees the chain, its approval and its service; never arguments."
        classNames={{ input: 'mono' }}
        value={text}
        onChange={(event) => write({ ...draft, text: event.currentTarget.value })}
        maxLength={MAX_TEXT}
        rows={16}
        spellCheck={false}
        required
      />
      <Checkbox
        size="xs"
        label="Compare with other policies, and not with what was recorded"
        checked={against !== undefined}
        onChange={(event) =>
          write({ ...draft, against: event.currentTarget.checked ? text : undefined })
        }
      />
      {against === undefined ? null : (
        <Textarea
          id={AGAINST_ID}
          label="Policies to compare with"
          classNames={{ input: 'mono' }}
          value={against}
          onChange={(event) => write({ ...draft, against: event.currentTarget.value })}
          maxLength={MAX_TEXT}
          rows={10}
          spellCheck={false}
        />
      )}
      <div className="row">
        <Select
          size="xs"
          aria-label="How many calls"
          data={LAST.map((value) => ({ value, label: `the newest ${value} calls` }))}
          value={last}
          onChange={(value) => write({ ...draft, last: value ?? LAST[1] })}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
        />
        {policies.map((hash) => (
          <FilterPill
            key={hash}
            name={`policy set ${shortHash(hash)}`}
            remove={() => change({ policy: policies.filter((other) => other !== hash) })}
          >
            decided by {shortHash(hash)}
          </FilterPill>
        ))}
        <Button type="submit" size="xs" className="spread">
          Replay
        </Button>
      </div>
    </form>
  )
}
