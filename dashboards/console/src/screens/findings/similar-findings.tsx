import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { useAsOf } from '../../app/as-of.ts'
import { atLeast, toolName } from '../../shared/short.ts'
import { SIMILAR_FINDINGS } from './documents.ts'
import { type Alike, likeIn, likeSearch, othersThan } from './similar.ts'

/** How often the same thing was found, and what is like it, each leading to the list of them. */
export function SimilarFindings({ finding }: { readonly finding: Alike }) {
  const asOf = useAsOf()
  const asked = useAsk(SIMILAR_FINDINGS, {
    like: likeIn(finding),
    ...(asOf === undefined ? {} : { asOf }),
  })
  if (asked.state !== 'answered')
    return (
      <p className="dim" role="status">
        {asked.state === 'loading' ? 'Counting …' : asked.message}
      </p>
    )
  const { like } = asked.data
  const { rule, agent, from, tool, series, occurrences } = finding
  const words = [
    rule,
    `by ${agent.name}`,
    ...(from === null ? [] : [`from ${from.name}`]),
    ...(tool === null ? [] : [`with ${toolName(tool)}`]),
  ].join(' ')
  return (
    <ul className="facts">
      <li>
        <Link
          to="/findings"
          search={{ tab: 'all', series: [series], group: 'incident', finding: finding.id }}
        >
          {atLeast(othersThan(occurrences), 'repetition')} of the same
        </Link>
      </li>
      <li>
        {like.__typename === 'FindingConnection' ? (
          <Link to="/findings" search={{ ...likeSearch(finding), finding: finding.id }}>
            {atLeast(othersThan(like.totalCount), 'other')}: {words}
          </Link>
        ) : (
          like.message
        )}
      </li>
    </ul>
  )
}
