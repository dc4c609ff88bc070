import { ActionIcon, Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAsk } from '../../../api/ask.ts'
import { Show } from '../../../shared/asked.tsx'
import { Dialog } from '../../../shared/dialog.tsx'
import { Icon } from '../../../shared/icon.tsx'
import { Instant } from '../../../shared/instant.tsx'
import { counted } from '../../../shared/short.ts'
import { CASES } from '../documents.ts'
import { type Taken, useSaying } from '../use-saying.ts'
import type { ToAdd } from './adding.ts'

/** How many of the open cases are offered, the newest. */
const OFFERED = 20
const OPEN = { first: OFFERED, where: { state: ['OPEN' as const] } }

/** Into which case: one of the open ones, or a new one. */
export function AddDialog({
  what,
  closed,
  taken,
}: {
  readonly what: ToAdd
  readonly closed: () => void
  readonly taken: (by: Taken) => void
}) {
  const [note, setNote] = useState('')
  const [title, setTitle] = useState('')
  const saying = useSaying()
  const asked = useAsk(CASES, OPEN)
  const items = what.items.map((item) => (note.trim() === '' ? item : { ...item, note }))
  return (
    <Dialog label="Add to a case" className="add-dialog" closed={closed}>
      {(close) => {
        const put = async (said: Promise<Taken | undefined>): Promise<void> => {
          const into = await said
          if (into === undefined) return
          taken(into)
          what.done?.()
          close()
        }
        const begin = (event: FormEvent): void => {
          event.preventDefault()
          void put(saying.open(title, items))
        }
        return (
          <>
            <div className="row">
              <h2>Add to a case</h2>
              <ActionIcon
                className="spread"
                variant="default"
                aria-label="Close without adding"
                onClick={close}
              >
                <Icon name="close" />
              </ActionIcon>
            </div>
            <p className="dim clip" title={what.name}>
              {what.name}
            </p>
            <TextInput
              label="Note (optional)"
              maxLength={4_000}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            {saying.refused === undefined ? null : (
              <p role="alert">Nothing was added: {saying.refused}</p>
            )}
            <Show asked={asked} what="the open cases">
              {({ cases }) =>
                cases.__typename !== 'CaseConnection' ? (
                  <p role="alert">{cases.message}</p>
                ) : cases.nodes.length === 0 ? (
                  <p className="dim">No case is open.</p>
                ) : (
                  <ul className="add-cases" aria-label="Open cases">
                    {cases.nodes.map((one) => (
                      <li key={one.id}>
                        <button
                          type="button"
                          disabled={saying.busy}
                          onClick={() => void put(saying.add(one, items))}
                        >
                          <Icon name="case" />
                          <span>
                            <b>{one.title}</b>
                            <small className="dim">
                              {counted(one.size, 'item')}, opened by {one.openedBy}{' '}
                              <Instant at={one.openedAt} />
                            </small>
                          </span>
                        </button>
                      </li>
                    ))}
                  </ul>
                )
              }
            </Show>
            <form className="add-new" onSubmit={begin}>
              <TextInput
                label="New case"
                placeholder="What is looked into"
                maxLength={200}
                required
                value={title}
                onChange={(event) => setTitle(event.currentTarget.value)}
              />
              <Button type="submit" disabled={saying.busy || title.trim() === ''}>
                Open it with this
              </Button>
            </form>
          </>
        )
      }}
    </Dialog>
  )
}
