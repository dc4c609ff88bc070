import type { GraphNode } from '@delegraph/graph-schema'
import { type GraphStore, pagesOf } from '../../collector/src/graph/index.ts'

/** All that hold, by id. */
export async function openFindings(store: GraphStore): Promise<GraphNode[]> {
  const open = { equals: { state: ['open'] } }
  const query = {
    kind: 'Finding',
    where: open,
    orderBy: 'id',
    direction: 'asc',
    limit: 500,
  } as const
  return (await Array.fromAsync(pagesOf(store, query))).flat()
}
