import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { CaseSearch } from './cases-search.ts'
import type { CaseRow } from './documents.ts'
import type { Saying } from './use-saying.ts'

type Written = CaseSearch['write']

/** What can be said of a case. */
export function CaseActions({
  of,
  refusal,
  saying,
  write,
  show,
  changed,
}: {
  readonly of: CaseRow
  readonly refusal: string | undefined
  readonly saying: Saying
  readonly write: Written
  readonly show: (write: Written) => void
  readonly changed: () => void
}) {
  if (refusal !== undefined) return <p className="dim">{refusal}</p>
  const say = async (change: Parameters<Saying['change']>[1]): Promise<void> => {
    if ((await saying.change(of, change)) === undefined) return
    show(undefined)
    changed()
  }
  const isOpen = of.state === 'OPEN'
  return (
    <div className="case-actions">
      <div className="row">
        <Button size="xs" variant="default" onClick={() => show('comment')}>
          Comment …
        </Button>
        <Button size="xs" variant="default" onClick={() => show('title')}>
          Rename …
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={saying.busy}
          onClick={() => void say({ state: isOpen ? 'CLOSED' : 'OPEN' })}
        >
          {isOpen ? 'Close the case' : 'Open it again'}
        </Button>
      </div>
      {write === undefined ? null : (
        <WordForm
          key={write}
          write={write}
          before={write === 'title' ? of.title : ''}
          busy={saying.busy}
          say={(text) => void say({ [write]: text })}
          cancel={() => show(undefined)}
        />
      )}
      {saying.refused === undefined ? null : (
        <div role="alert">
          <p>Nothing was changed: {saying.refused}</p>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              saying.forget()
              changed()
            }}
          >
            Look again
          </Button>
        </div>
      )}
    </div>
  )
}

function WordForm({
  write,
  before,
  busy,
  say,
  cancel,
}: {
  readonly write: Exclude<Written, undefined>
  readonly before: string
  readonly busy: boolean
  readonly say: (text: string) => void
  readonly cancel: () => void
}) {
  const [text, setText] = useState(before)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    say(text)
  }
  const isEmpty = text.trim() === ''
  return (
    <form className="panel case-form" onSubmit={submit}>
      {write === 'title' ? (
        <TextInput
          label="Title"
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <Textarea
          label="Comment"
          autosize
          minRows={2}
          maxRows={10}
          maxLength={4_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <div className="row">
        <Button type="submit" size="xs" disabled={busy || isEmpty || text === before}>
          {write === 'title' ? 'Rename' : 'Comment'}
        </Button>
        <Button size="xs" variant="subtle" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
