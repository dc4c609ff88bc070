import { StateMark } from '../../../shared/marks.tsx'
import type { Replay } from './documents.ts'

/** Which policies two texts do not have in common. */
export function TextChanges({ changes }: { readonly changes: Replay['changes'] }) {
  if (changes.length === 0) return <p className="dim replay-diff">The two texts say the same.</p>
  return (
    <section className="replay-diff" aria-label="Policies that differ">
      <h2>{changes.length === 1 ? '1 policy differs' : `${changes.length} policies differ`}</h2>
      {changes.map(({ policy, before, after }) => (
        <details key={policy}>
          <summary>
            <StateMark
              word={
                before === null
                  ? { text: 'added', tone: 'good' }
                  : after === null
                    ? { text: 'removed', tone: 'bad' }
                    : { text: 'changed', tone: 'unknown' }
              }
            />{' '}
            <code>{policy}</code>
          </summary>
          {before === null ? null : (
            <>
              <p className="dim">before</p>
              <pre>
                <del>{before}</del>
              </pre>
            </>
          )}
          {after === null ? null : (
            <>
              <p className="dim">in the draft</p>
              <pre>
                <ins>{after}</ins>
              </pre>
            </>
          )}
        </details>
      ))}
    </section>
  )
}
