import type { Meter } from '@opentelemetry/api'
import type { GraphStore } from '../graph/index.ts'
import { BUCKETS, inSeconds } from './buckets.ts'
import { judgementMetrics } from './verification.ts'

/** The same store, with its writes timed and what they say of verification counted. */
export function measuredStore(store: GraphStore, meter: Meter): GraphStore {
  const seconds = meter.createHistogram(
    'delegraph_graph_write_seconds',
    inSeconds('Time to write one batch to the graph, by outcome', BUCKETS.work),
  )
  const rows = meter.createCounter('delegraph_graph_rows_written', {
    description: 'Nodes and relationships written to the graph',
  })
  const judged = judgementMetrics(meter)
  return {
    name: store.name,
    ...(store.cypher === undefined ? {} : { cypher: store.cypher.bind(store) }),
    async write(batch) {
      const before = performance.now()
      try {
        await store.write(batch)
      } catch (error) {
        seconds.record((performance.now() - before) / 1000, { outcome: 'failed' })
        throw error
      }
      seconds.record((performance.now() - before) / 1000, { outcome: 'ok' })
      rows.add(batch.nodes.length + batch.edges.length)
      judged(batch.nodes)
    },
    init: () => store.init(),
    health: () => store.health(),
    position: () => store.position(),
    find: (kind, column, values, limit) => store.find(kind, column, values, limit),
    ancestors: (links) => store.ancestors(links),
    descendants: (links, limit) => store.descendants(links, limit),
    neighbours: (kind, direction, keys, limit) => store.neighbours(kind, direction, keys, limit),
    page: (query) => store.page(query),
    count: (kind, where, limit) => store.count(kind, where, limit),
    groups: (query) => store.groups(query),
    values: (kind, column, limit) => store.values(kind, column, limit),
    clear: () => store.clear(),
    dump: () => store.dump(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
