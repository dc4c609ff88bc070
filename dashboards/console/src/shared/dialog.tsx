import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import './dialog.css'

/**
 * A modal dialog of the browser's own: it holds the focus, gives it back, closes by Esc and hides what is
 * behind it from everybody. It is open as long as it is mounted.
 */
export function Dialog({
  label,
  className = '',
  closed,
  children,
}: {
  readonly label: string
  readonly className?: string
  /** After it was closed, by whatever. */
  readonly closed: () => void
  readonly children: (close: () => void) => ReactNode
}) {
  const dialog: RefObject<HTMLDialogElement | null> = useRef(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-label={label}
      // A click beside it closes it, in browsers that know of that.
      closedby="any"
      onClose={closed}
    >
      {children(() => dialog.current?.close())}
    </dialog>
  )
}
