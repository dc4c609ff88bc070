import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import type { Tone, Word } from './link-words.ts'
import './marks.css'

const SEVERITIES = ['', 'info', 'low', 'medium', 'high', 'critical'] as const

export function severityName(severity: number): string {
  return SEVERITIES[severity] ?? String(severity)
}

export function Severity({ value }: { readonly value: number }) {
  return (
    <span className={`severity severity-${value}`}>
      <span className="severity-bars" aria-hidden="true">
        {[1, 2, 3, 4, 5].map((bar) => (
          <i key={bar} className={bar <= value ? 'on' : ''} />
        ))}
      </span>
      {severityName(value)}
    </span>
  )
}

const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  bad: 'cross',
  unknown: 'question',
  gap: 'gap',
  plain: 'minus',
}

/** A state as icon and word, never as a colour alone. */
export function StateMark({
  word,
  title,
}: {
  readonly word: Word
  readonly title?: string | undefined
}) {
  return (
    <span className={`mark tone-${word.tone}`} title={title}>
      <Icon name={TONE_ICONS[word.tone]} />
      {word.text}
    </span>
  )
}

const GRADE_MEANINGS = {
  PROVEN: 'A receipt signed by the acting agent’s key.',
  SIGNED: 'A valid link and no receipt.',
  ASSERTED: 'Attributes that nobody signed.',
  OBSERVED: 'A span of an agent that nobody instrumented.',
} as const

/** How much the evidence proves; filled dots for the eye, the word for everybody. */
export function GradeMark({ grade }: { readonly grade: keyof typeof GRADE_MEANINGS }) {
  return (
    <span className={`grade grade-${grade.toLowerCase()}`} title={GRADE_MEANINGS[grade]}>
      {grade.toLowerCase()}
    </span>
  )
}

export function Tag({ children }: { readonly children: ReactNode }) {
  return <span className="tag">{children}</span>
}
