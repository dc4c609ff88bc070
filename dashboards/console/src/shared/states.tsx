import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { giveToken } from '../api/token.ts'
import './states.css'

/** What a screen shows instead of its content. */
function Notice({
  title,
  children,
  role,
}: {
  title: string
  children?: ReactNode
  role?: 'alert' | 'status'
}) {
  return (
    <div className="notice" role={role}>
      <p className="notice-title">{title}</p>
      {children}
    </div>
  )
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="notice" role="status" aria-live="polite">
      <span className="spinner" aria-hidden="true" />
      <p className="dim">Loading {what} …</p>
    </div>
  )
}

export function Failed({
  message,
  again,
}: {
  readonly message: string
  readonly again: () => void
}) {
  return (
    <Notice title="This could not be loaded." role="alert">
      <p>{message}</p>
      <Button variant="default" onClick={again}>
        Try again
      </Button>
    </Notice>
  )
}

/** Nobody is told apart here: who is not known, and who may not, can bring a token that is and may. */
export function Forbidden({ message }: { readonly message: string }) {
  const [token, setToken] = useState('')
  const use = (event: FormEvent): void => {
    event.preventDefault()
    giveToken(token.trim())
    window.location.reload()
  }
  return (
    <Notice title="You may not see this." role="alert">
      <p>{message}</p>
      <form className="sign-in" onSubmit={use}>
        <PasswordInput
          label="Token"
          description="For this tab alone, and for this collector alone."
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
        />
        <Button type="submit">Use it</Button>
      </form>
      <p className="dim">Whoever runs this collector gives tokens and roles.</p>
    </Notice>
  )
}

export function Empty({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ReactNode
}) {
  return <Notice title={title}>{children}</Notice>
}

/** An expected error of the API: nothing of that id, or a question that cannot be answered truly. */
export function NotTold({
  kind,
  title,
  message,
}: {
  /** Of the error, as the API names it. */
  readonly kind: string
  /** Where it is that there is nothing of that id. */
  readonly title: string
  readonly message: string
}) {
  return (
    <Empty title={kind === 'NotFoundError' ? title : 'This cannot be told.'}>
      <p className="dim">{message}</p>
    </Empty>
  )
}
