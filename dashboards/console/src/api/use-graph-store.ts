import { useAsk } from './ask.ts'
import { GRAPH_STORE } from './documents.ts'
import type { ResultOf } from './graphql.ts'

/** What keeps the graph; undefined until the collector has said it, and where it does not. */
export function useGraphStore(): ResultOf<typeof GRAPH_STORE>['graphStore'] | undefined {
  const asked = useAsk(GRAPH_STORE, {})
  return asked.state === 'answered' ? asked.data.graphStore : undefined
}
