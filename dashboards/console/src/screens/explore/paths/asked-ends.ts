import { END_KINDS, type Subject } from '../explore-search.ts'
import type { ReachNode } from '../reach-graph.ts'

/** The end of ways that a fact of the picture is: of a permission its tool; none where no question takes it. */
export function endOf({
  kind,
  id,
  rows,
}: Pick<ReachNode, 'kind' | 'id' | 'rows'>): Subject | undefined {
  if (kind === 'permission') {
    const [row] = rows
    return row === undefined ? undefined : { kind: 'tool', id: row.tool }
  }
  // An agent that acts on its own standing permission when it is called is that agent.
  if (kind === 'call') return { kind: 'agent', id }
  const known = END_KINDS.find((one) => one === kind)
  return known === undefined ? undefined : { kind: known, id }
}
