import { Link } from '@tanstack/react-router'
import { atLeast, shortHash } from '../../../shared/short.ts'
import { KINDS } from '../../explore/explore-search.ts'
import type { Blamed } from './documents.ts'

/** What most open findings blame. What taking it back would cut off is a question of its own. */
export function BlamedList({ blamed }: { readonly blamed: readonly Blamed[] }) {
  if (blamed.length === 0) return <p className="dim">No open finding blames anything.</p>
  return (
    <ol className="blamed">
      {blamed.map(({ kind, id, findings }) => {
        const subject = KINDS.find((one) => one === kind)
        return (
          <li key={id}>
            <span title={id}>
              {kind} <code>{shortHash(id)}</code>
            </span>
            <Link to="/findings" search={{ culprit: [id] }}>
              {atLeast(findings, 'open finding')}
            </Link>
            {kind === 'decision' ? (
              <Link to="/decisions" search={{ decision: id }}>
                The decision
              </Link>
            ) : null}
            {subject === undefined ? null : (
              <Link to="/explore" search={{ kind: subject, id, ask: 'revoke' }}>
                What if it is taken back?
              </Link>
            )}
          </li>
        )
      })}
    </ol>
  )
}
