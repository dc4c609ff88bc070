import { ActionIcon, Checkbox, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../../shared/icon.tsx'
import {
  type Change,
  type ExploreSearch,
  endIn,
  RULES,
  STEPS,
  subjectName,
  textOfArtefact,
} from '../explore-search.ts'
import { ruleWord } from '../reach-rows.ts'
import { EndForm } from './end-form.tsx'

/** Which ways are followed: by which rules, past what, and whether only over what holds. */
export function FollowBar({
  search,
  change,
  inForce,
}: {
  readonly search: ExploreSearch
  readonly change: Change
  /** Whether the question can be held to what is in force. */
  readonly inForce: boolean
}) {
  const { avoid = [], rules = [...RULES], within = STEPS.usual, force } = search
  const [isAdding, setAdding] = useState(false)
  const without = (text: string): string[] => avoid.filter((one) => one !== text)
  return (
    <div className="follow-bar">
      <fieldset className="row" aria-label="By which rules">
        <span className="dim">by</span>
        {RULES.map((rule) => (
          <Checkbox
            key={rule}
            size="xs"
            label={ruleWord({ rule: rule.toUpperCase() as Uppercase<typeof rule> })}
            checked={rules.includes(rule)}
            // The last of them stays: by no rule follows nothing.
            disabled={rules.length === 1 && rules.includes(rule)}
            onChange={() =>
              change({
                rules: rules.includes(rule)
                  ? rules.filter((one) => one !== rule)
                  : [...rules, rule],
              })
            }
          />
        ))}
      </fieldset>
      <span className="row follow-within">
        <span className="dim">within</span>
        <NumberInput
          size="xs"
          aria-label="How many steps"
          min={1}
          max={STEPS.most}
          clampBehavior="strict"
          allowDecimal={false}
          value={within}
          onChange={(steps) => change({ within: String(steps) })}
        />
        <span className="dim">steps</span>
      </span>
      {inForce ? (
        <Checkbox
          size="xs"
          label="only over what holds"
          checked={force === 'only'}
          onChange={() => change({ force: force === 'only' ? '' : 'only' })}
        />
      ) : null}
      <span className="row" role="group" aria-label="What is avoided">
        <span className="dim">past</span>
        {avoid.length === 0 ? <span className="dim">nothing</span> : null}
        {avoid.map((text) => {
          const end = endIn(text)
          const name = end === undefined ? text : `${end.kind} ${subjectName(end, end.id)}`
          return (
            <span key={text} className="tag" title={text}>
              {name}
              <ActionIcon
                size="xs"
                variant="subtle"
                aria-label={`Do not avoid ${name}`}
                onClick={() => change({ avoid: without(text) })}
              >
                <Icon name="close" />
              </ActionIcon>
            </span>
          )
        })}
        {isAdding ? (
          <EndForm
            label="What to avoid"
            button="Avoid it"
            take={(end) => {
              setAdding(false)
              const text = textOfArtefact(end)
              change({ avoid: [...without(text), text] })
            }}
          />
        ) : (
          <button type="button" className="text-button" onClick={() => setAdding(true)}>
            Avoid something …
          </button>
        )}
      </span>
    </div>
  )
}
