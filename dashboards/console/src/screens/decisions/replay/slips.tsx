import { StateMark } from '../../../shared/marks.tsx'
import type { Slip } from './documents.ts'
import { AGAINST_ID, DRAFT_ID } from './replay-form.tsx'
import { indexOf } from './replay-words.ts'

/** What is wrong with a text; each leads to its place. */
export function Slips({
  slips,
  title,
}: {
  readonly slips: readonly Slip[]
  readonly title: string
}) {
  return (
    <section className="replay-slips" aria-label="What is wrong with the policies">
      <p className="notice-title" role="alert">
        {title}
      </p>
      <ul className="plain-list">
        {slips.map((slip) => (
          <li key={`${slip.text} ${slip.line} ${slip.column} ${slip.code} ${slip.policy}`}>
            <StateMark
              word={
                slip.severity === 'ERROR'
                  ? { text: slip.code.replaceAll('_', ' '), tone: 'bad' }
                  : { text: slip.code.replaceAll('_', ' '), tone: 'unknown' }
              }
            />
            <button type="button" className="text-button mono" onClick={() => goTo(slip)}>
              {slip.text === 'AGAINST' ? 'other text, ' : ''}line {slip.line}, column {slip.column}
            </button>
            <span>
              {slip.policy === null ? '' : `${slip.policy}: `}
              {slip.message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function goTo({ text, line, column }: Slip): void {
  const field = document.getElementById(text === 'AGAINST' ? AGAINST_ID : DRAFT_ID)
  if (!(field instanceof HTMLTextAreaElement)) return
  const at = indexOf(field.value, line, column)
  field.focus()
  field.setSelectionRange(at, Math.min(at + 1, field.value.length))
}
