import { Button, Popover, TextInput } from '@mantine/core'
import { useMatch, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Icon } from '../shared/icon.tsx'
import { dayTime } from '../shared/time.ts'
import { useAsOf } from './as-of.ts'
import './as-of.css'

const AGO = [
  ['An hour ago', 3_600_000],
  ['A day ago', 86_400_000],
  ['A week ago', 7 * 86_400_000],
] as const

/** Which instant all screens are about. */
export function AsOfPicker() {
  const asOf = useAsOf()
  const navigate = useNavigate()
  const isComparable = useMatch({ from: '/chains/$chainId', shouldThrow: false }) !== undefined
  const [opened, setOpened] = useState(false)
  const [text, setText] = useState('')
  const at = Date.parse(text)
  const isFuture = at > Date.now()
  const open = (): void => {
    setText(localText(asOf === undefined ? Date.now() : Date.parse(asOf.knownAt)))
    setOpened(true)
  }
  const show = (instant: number): void => {
    setOpened(false)
    void navigate({
      to: '.',
      search: (before) => ({ ...before, asOf: new Date(instant).toISOString() }),
    })
  }
  const compare = (): void => {
    setOpened(false)
    const against = new Date(at).toISOString()
    void navigate({ to: '.', search: (before) => ({ ...before, against }) })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (Number.isFinite(at) && !isFuture) show(at)
  }
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      shadow="md"
      withinPortal={false}
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<Icon name="clock" />}
          aria-label={`As of: ${asOf === undefined ? 'now' : dayTime(asOf.knownAt)}`}
          className={asOf === undefined ? 'as-of' : 'as-of is-past'}
          onClick={() => (opened ? setOpened(false) : open())}
        >
          {asOf === undefined ? 'Now' : dayTime(asOf.knownAt)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="As of">
        <form className="as-of-form" onSubmit={submit}>
          <p>Show what was known at an instant: what the collector had received by then.</p>
          <TextInput
            type="datetime-local"
            step={1}
            label="Known at"
            description="In the clock of this browser."
            max={localText(Date.now())}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={isFuture ? 'Nobody knows that yet.' : undefined}
            data-autofocus
          />
          <div className="row">
            {AGO.map(([label, before]) => (
              <Button
                key={label}
                size="compact-xs"
                variant="default"
                onClick={() => show(Date.now() - before)}
              >
                {label}
              </Button>
            ))}
          </div>
          <div className="row">
            <Button type="submit" size="xs" disabled={!Number.isFinite(at) || isFuture}>
              Show
            </Button>
            {isComparable ? (
              <Button
                size="xs"
                variant="default"
                disabled={!Number.isFinite(at) || isFuture}
                onClick={compare}
              >
                Compare with {asOf === undefined ? 'now' : 'what is shown'}
              </Button>
            ) : null}
            {asOf === undefined ? null : <BackToNow onDone={() => setOpened(false)} />}
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Leads to the same screen as it is now. */
export function BackToNow({ onDone = () => {} }: { readonly onDone?: () => void }) {
  const navigate = useNavigate()
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => {
        onDone()
        void navigate({
          to: '.',
          search: (before) => ({ ...before, asOf: undefined, against: undefined }),
        })
      }}
    >
      Back to now
    </Button>
  )
}

/** `2026-11-22T10:04:00` in the reader's clock, as the field wants it. */
function localText(instant: number): string {
  const offset = new Date(instant).getTimezoneOffset() * 60_000
  return new Date(instant - offset).toISOString().slice(0, 19)
}
