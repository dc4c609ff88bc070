import { VERDICT_PARTS, type VerdictPart } from '@delegraph/graph-schema'
import type { OutcomeState, Tone } from './link-words.ts'
import { StateMark } from './marks.tsx'

interface Part {
  readonly state: OutcomeState
  readonly code: string | null
  readonly detail: string | null
  readonly meaning: string | null
}

const TONES: Readonly<Record<OutcomeState, Tone>> = {
  OK: 'good',
  FAILED: 'bad',
  UNKNOWN: 'unknown',
  NOT_APPLICABLE: 'plain',
}

/** A verdict in its eight parts, one word each and never one for all. */
export function VerdictParts({
  verdict,
}: {
  readonly verdict: Readonly<Record<VerdictPart, Part>>
}) {
  return (
    <dl className="pairs">
      {VERDICT_PARTS.map((name) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>
            <OutcomeText part={verdict[name]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function OutcomeText({ part }: { readonly part: Part }) {
  const { state, code, detail, meaning } = part
  const text = state === 'NOT_APPLICABLE' ? 'not applicable' : state.toLowerCase()
  return (
    <>
      <StateMark
        word={{
          text: code === null ? text : `${text}: ${code.replaceAll('_', ' ')}`,
          tone: TONES[state],
        }}
      />
      {meaning === null ? null : <span className="dim"> {meaning}</span>}
      {detail === null ? null : <code> {detail}</code>}
    </>
  )
}
