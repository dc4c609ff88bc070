import { Icon } from '../../../shared/icon.tsx'
import type { TriageState } from './documents.ts'
import './triage.css'
import { STATES } from './words.ts'

/** Where people stand, as icon and word. */
export function TriageMark({ state }: { readonly state: TriageState }) {
  const { text, icon, tone } = STATES[state]
  return (
    <span className={`mark triage-${tone}`}>
      <Icon name={icon} />
      {text}
    </span>
  )
}

/** That a suppression hides it. */
export function HiddenMark() {
  return (
    <span
      className="mark tone-gap"
      title="A suppression hides it from the open ones and from alerts."
    >
      <Icon name="eye-off" />
      hidden
    </span>
  )
}

/** Whose it is. */
export function Assignee({ name }: { readonly name: string | null }) {
  if (name === null) return <span className="dim">nobody’s</span>
  return (
    <span className="name assignee clip" title={`assigned to ${name}`}>
      <Icon name="person" /> <span className="clip">{name}</span>
    </span>
  )
}
