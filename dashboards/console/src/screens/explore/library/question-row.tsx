import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { troubleOf } from '../../../app/palette/trouble-of.ts'
import { type Found, useMatches } from '../../../app/palette/use-matches.ts'
import { type Question, viewOf } from '../../../app/questions/questions.ts'
import { openView } from '../../../app/views/views.ts'
import { Icon } from '../../../shared/icon.tsx'
import { shortHash } from '../../../shared/short.ts'
import { askedOf, thingOf } from './questions-with.ts'

type Match = Extract<Found, { state: 'found' }>['matches'][number]

/** A question; opened, it asks for the thing that it is about. */
export function QuestionRow({
  question,
  isOpen,
  toggle,
}: {
  readonly question: Question
  readonly isOpen: boolean
  readonly toggle: () => void
}) {
  const id = useId()
  return (
    <li>
      <button
        type="button"
        className="library-question"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={toggle}
      >
        <Icon name={isOpen ? 'down' : 'right'} />
        <span>
          {askedOf(question)}
          <small className="dim">{question.description}</small>
        </span>
      </button>
      {isOpen ? (
        <div id={id} className="library-thing">
          <ThingField question={question} />
        </div>
      ) : null}
    </li>
  )
}

/** Finds the thing by a part of its name, or by the beginning of its hash. */
function ThingField({ question }: { readonly question: Question }) {
  const [typed, setTyped] = useState('')
  const text = typed.trim()
  const found = useMatches(text)
  const navigate = useNavigate()
  const combobox = useCombobox()
  const matches =
    found.state === 'found' ? found.matches.filter(({ kind }) => question.takes.includes(kind)) : []
  const take = ({ id, name }: Match): void =>
    void openView(viewOf(question, { id, name }), navigate)
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(key) => {
        const match = matches.find(({ id }) => id === key)
        if (match !== undefined) take(match)
      }}
    >
      <Combobox.Target>
        <TextInput
          size="xs"
          autoFocus
          aria-label={`Which one: ${thingOf(question)}`}
          placeholder={`The name or id of ${thingOf(question)}`}
          maxLength={1_024}
          value={typed}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={matches.length === 0}>
        <Combobox.Options aria-label="What was found">
          {matches.map(({ id, name }) => (
            <Combobox.Option key={id} value={id}>
              {name === id ? shortHash(id) : name} <small className="dim mono">{id}</small>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
      <p className="dim library-state" role="status">
        {stateOf(text, found, matches.length)}
      </p>
    </Combobox>
  )
}

function stateOf(text: string, found: Found, listed: number): string {
  const nothing = found.state === 'found' && listed === 0
  return (
    troubleOf(text, found) ??
    (nothing ? 'Nothing of this kind has this in its name, and no id begins so.' : '')
  )
}
