import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { keyOf } from '../../shared/keys.ts'
import { APP_KEYS } from '../keys.ts'
import { ownPlaces, type Place, placeOf, questionPlaces } from './places.ts'
import { troubleOf } from './trouble-of.ts'
import { type Found, useMatches } from './use-matches.ts'

/** The field and what it finds, by the keyboard alone: arrows move, Enter goes. */
export function PaletteList({ close }: { readonly close: () => void }) {
  const [typed, setTyped] = useState('')
  const text = typed.trim()
  const found = useMatches(text)
  const places = useMemo(() => placesOf(text, found), [text, found])
  const navigate = useNavigate()
  const combobox = useCombobox({ opened: true })
  /** Its own would change after the field was told of it. */
  const list = useId()
  const { selectFirstOption } = combobox
  /** Id of the option that Enter takes. */
  const [active, setActive] = useState<string | null>(null)
  /** Enter was pressed before there was an answer. */
  const [isEager, setEager] = useState(false)

  // Whatever is listed anew, the first of it is what Enter takes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the options are those of the places
  useEffect(() => setActive(selectFirstOption()), [places, selectFirstOption])

  const go = (place: Place | undefined): void => {
    if (place?.go === undefined) return
    close()
    void place.go(navigate)
  }
  const isWaiting = found.state === 'loading'
  const first = places.find((place) => place.go !== undefined)
  useEffect(() => {
    if (!isEager || isWaiting) return
    setEager(false)
    go(first)
  })

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = keyOf(event.nativeEvent)
    if (event.nativeEvent.isComposing) return
    if (key === 'ArrowDown') setActive(combobox.selectNextOption())
    else if (key === 'ArrowUp') setActive(combobox.selectPreviousOption())
    else if (key === 'Enter') isWaiting ? setEager(true) : combobox.clickSelectedOption()
    else if (key?.startsWith('Mod+') && APP_KEYS.actions.find.keys.includes(key)) close()
    else return
    event.preventDefault()
  }
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(key) => go(places.find((place) => place.key === key))}
    >
      <Combobox.EventsTarget
        withKeyboardNavigation={false}
        withExpandedAttribute
        aria-activedescendant={active ?? undefined}
      >
        <TextInput
          size="md"
          aria-label="Find"
          placeholder="A name, a part of one, an id, a link hash, a trace id"
          leftSection={<Icon name="search" />}
          maxLength={1_024}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setEager(false)
          }}
          onKeyDown={onKeyDown}
        />
      </Combobox.EventsTarget>
      <Combobox.Options id={list} className="palette-options" aria-label="What was found">
        {[...Map.groupBy(places, ({ group }) => group)].map(([group, of]) => (
          <Combobox.Group key={group} label={group}>
            {of.map((place) => (
              <Combobox.Option
                key={place.key}
                value={place.key}
                disabled={place.go === undefined}
                className="palette-option"
              >
                <Icon name={place.icon} />
                <span className="palette-name">{place.name}</span>
                <span className="dim mono clip">{place.beside}</span>
              </Combobox.Option>
            ))}
          </Combobox.Group>
        ))}
      </Combobox.Options>
      <p className="palette-state dim" role="status">
        {sentenceOf(text, found, places.length)}
      </p>
    </Combobox>
  )
}

function placesOf(text: string, found: Found): Place[] {
  if (found.state !== 'found') return ownPlaces(text)
  return [...ownPlaces(text), ...found.matches.map(placeOf), ...questionPlaces(found.matches)]
}

const KEYS = 'Arrows move, Enter goes there, Esc closes.'

function sentenceOf(text: string, found: Found, listed: number): string {
  const nothing = found.state === 'found' && listed === 0
  return (
    troubleOf(text, found) ??
    (nothing ? 'Nothing here has this in its name, and no id begins so.' : KEYS)
  )
}
