import type { Change } from './explore-search.ts'

/** A sentence for each fact, in order; a click opens the fact beside the picture. */
export function FactSentences({
  className,
  facts,
  change,
}: {
  readonly className: string
  readonly facts: readonly {
    readonly kind: string
    readonly id: string | null
    readonly sentence: string
  }[]
  readonly change: Change
}) {
  return (
    <ol className={className}>
      {facts.map(({ kind, id, sentence }) => (
        <li key={`${kind} ${id}`}>
          <button
            type="button"
            className="text-button"
            onClick={() => change({ select: `${kind} ${id}` }, true)}
          >
            {sentence}
          </button>
        </li>
      ))}
    </ol>
  )
}
