import { VERDICT_PARTS, type VerdictPart } from '@delegraph/graph-schema'
import { type OutcomeState, outcomeWord } from './link-words.ts'
import { StateMark } from './marks.tsx'

interface Part {
  readonly state: OutcomeState
  readonly code: string | null
  readonly detail: string | null
  readonly meaning: string | null
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
  const { detail, meaning } = part
  return (
    <>
      <StateMark word={outcomeWord(part)} />
      {meaning === null ? null : <span className="dim"> {meaning}</span>}
      {detail === null ? null : <code> {detail}</code>}
    </>
  )
}
