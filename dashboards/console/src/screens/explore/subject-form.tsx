import { Autocomplete, Button, Select } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAsk } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import { useAsOf } from '../../app/as-of.ts'
import { KINDS_OF_ID, KNOWN_AGENTS } from './documents.ts'
import { END_KINDS, KINDS, type Subject, type SubjectKind } from './explore-search.ts'

/** Which thing is taken to be in somebody's hands. An id alone is enough where it names one thing. */
export function SubjectForm({
  subject,
  explore,
}: {
  readonly subject: Subject | undefined
  readonly explore: (subject: Subject) => void
}) {
  const asOf = useAsOf()
  const [text, setText] = useState(subject?.id ?? '')
  const [kind, setKind] = useState<SubjectKind | 'any'>(subject?.kind ?? 'any')
  const [trouble, setTrouble] = useState<string>()
  const known = useAsk(KNOWN_AGENTS, { ...(asOf === undefined ? {} : { asOf }) })
  const agents =
    known.state === 'answered' ? known.data.coverage.nodes.map(({ agent }) => agent.id) : []
  const go = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const id = text.trim()
    if (id === '') return
    if (kind !== 'any') return explore({ kind, id })
    if (agents.includes(id)) return explore({ kind: 'agent', id })
    const { data } = await client
      .query(KINDS_OF_ID, { id, text: id, asOf: asOf ?? null })
      .toPromise()
    if (data === undefined) return setTrouble('The collector does not answer.')
    const held = KINDS.find((one) => data[one].__typename === 'BlastRadius')
    const { search } = data
    const isTool =
      search.__typename === 'Matches' &&
      search.matches.some((match) => match.kind === 'TOOL' && match.id === id)
    const found = held ?? (isTool ? 'tool' : undefined)
    if (found === undefined) return setTrouble('Nothing here has this id.')
    explore({ kind: found, id })
  }
  return (
    <form className="subject-form" onSubmit={(event) => void go(event)}>
      <Select
        size="xs"
        aria-label="Kind of the subject"
        data={[
          { value: 'any', label: 'Any kind' },
          ...END_KINDS.map((value) => ({ value, label: value })),
        ]}
        value={kind}
        onChange={(value) => setKind((value as SubjectKind | null) ?? 'any')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        className="subject-kind"
      />
      <Autocomplete
        size="xs"
        aria-label="Subject"
        placeholder="An agent, a key, a credential, a link, an approval, a tool: its id"
        data={kind === 'any' || kind === 'agent' ? agents : []}
        value={text}
        onChange={(value) => {
          setText(value)
          setTrouble(undefined)
        }}
        error={trouble}
        limit={20}
        comboboxProps={{ withinPortal: false }}
        className="subject-id"
      />
      <Button type="submit" size="xs">
        Explore
      </Button>
    </form>
  )
}
