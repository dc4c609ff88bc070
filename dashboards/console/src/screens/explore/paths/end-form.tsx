import { Button, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { END_KINDS, type Subject, type SubjectKind } from '../explore-search.ts'

/** One thing, by its kind and id. */
export function EndForm({
  label,
  button,
  end,
  take,
}: {
  readonly label: string
  readonly button: string
  readonly end?: Subject | undefined
  readonly take: (end: Subject) => void
}) {
  const [kind, setKind] = useState<SubjectKind>(end?.kind ?? 'tool')
  const [id, setId] = useState(end?.id ?? '')
  const go = (event: FormEvent): void => {
    event.preventDefault()
    const text = id.trim()
    if (text === '') return
    take({ kind, id: text })
    if (end === undefined) setId('')
  }
  return (
    <form className="end-form" onSubmit={go}>
      <Select
        size="xs"
        aria-label={`Kind of ${label}`}
        data={[...END_KINDS]}
        value={kind}
        onChange={(value) => setKind((value as SubjectKind | null) ?? kind)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        className="subject-kind"
      />
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={kind === 'tool' ? 'https://tools.example.com/mcp#deploy' : `Id of the ${kind}`}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        className="end-id"
      />
      <Button type="submit" size="xs" variant="default">
        {button}
      </Button>
    </form>
  )
}
