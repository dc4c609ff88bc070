import { ActionIcon } from '@mantine/core'
import { Icon } from '../../../shared/icon.tsx'
import type { CaseThing } from '../documents.ts'
import { useAdding } from './adding.ts'

/** Puts what a row is about into a case; nothing for whoever may not write. */
export function AddToCase({
  items,
  name,
}: {
  readonly items: readonly CaseThing[]
  /** As the row calls it. */
  readonly name: string
}) {
  const adding = useAdding()
  if (adding === undefined || items.length === 0) return null
  return <AddButton name={name} add={() => adding({ items, name })} />
}

/** The same where it has to be found out first what the row is about. */
export function AddButton({ name, add }: { readonly name: string; readonly add: () => void }) {
  return (
    <ActionIcon
      className="add-to-case"
      variant="subtle"
      size="sm"
      title="Add to a case"
      aria-label={`Add to a case: ${name}`}
      aria-haspopup="dialog"
      onClick={add}
    >
      <Icon name="case" />
    </ActionIcon>
  )
}
