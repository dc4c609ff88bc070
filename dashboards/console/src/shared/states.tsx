import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import './states.css'
import { useTitle } from './use-title.ts'

/** What a screen shows instead of its content. */
export function Notice({
  title,
  children,
  role,
  level = 'p',
}: {
  title: string
  children?: ReactNode
  role?: 'alert' | 'status'
  /** `h1` where it is all that the page says. */
  level?: 'h1' | 'p'
}) {
  const Title = level
  return (
    <div className="notice" role={role}>
      <Title className="notice-title">{title}</Title>
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
    <Empty title={titleOf(kind, title)}>
      <p className="dim">{message}</p>
    </Empty>
  )
}

/** The same as all that a page says: it is its heading, and the name of its tab. */
export function PageNotTold({ kind, title, message }: Parameters<typeof NotTold>[0]) {
  const said = titleOf(kind, title)
  useTitle(said.replace(/\.$/, ''))
  return (
    <Notice title={said} level="h1">
      <p className="dim">{message}</p>
    </Notice>
  )
}

function titleOf(kind: string, title: string): string {
  return kind === 'NotFoundError' ? title : 'This cannot be told.'
}
