import { Pill } from '@mantine/core'
import type { ReactNode } from 'react'

/** A part of a filter, with a button that a keyboard reaches, to take it away. */
export function FilterPill({
  name,
  remove,
  children = name,
}: {
  /** What is taken away, as it is read out. */
  readonly name: string
  readonly remove: () => void
  readonly children?: ReactNode
}) {
  return (
    <Pill
      withRemoveButton
      removeButtonProps={{ 'aria-label': `Remove ${name}`, 'aria-hidden': false, tabIndex: 0 }}
      onRemove={remove}
    >
      {children}
    </Pill>
  )
}
