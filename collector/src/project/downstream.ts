import type { GraphNode } from '@delegraph/graph-schema'
import { SLICE } from '../findings/definition/influence.ts'
import type { GraphStore } from '../graph/index.ts'
import { FLOW_WINDOW, momentOf } from './flows.ts'
import { distinct, listOf, textOf } from './nodes.ts'

/** Actions of one hop that are judged again at most, the earliest first. */
const MAX_ACTIONS = 1_000

/** Where data comes from: movements, and contents that calls gave back. */
export interface Sources {
  readonly movements: readonly GraphNode[]
  readonly data: readonly string[]
}

/**
 * Actions that data may have reached from these sources: forwards, hop by hop, over who
 * got what was given and what he did afterwards. Bounded like the search behind an action, so that a
 * flow that arrives late is found from either end.
 */
export async function actionsDownstream(store: GraphStore, sources: Sources): Promise<string[]> {
  const found = new Set<string>()
  const seen = new Set<string>()
  let data = new Set(sources.data)
  let reached = new Map<string, number>()
  const reach = (node: GraphNode): void => {
    const agent = textOf(node, 'agent')
    if (agent === undefined) return
    reached.set(agent, Math.min(reached.get(agent) ?? Number.POSITIVE_INFINITY, momentOf(node)))
  }
  const take = (node: GraphNode): void => {
    if (seen.has(node.key)) return
    seen.add(node.key)
    if (node.kind === 'Action') {
      found.add(node.key)
      for (const hash of listOf(node, 'dataOut')) data.add(hash)
    } else if (['wrote', 'sent'].includes(textOf(node, 'op') ?? '')) {
      for (const hash of listOf(node, 'data')) data.add(hash)
    } else reach(node)
  }
  for (const node of sources.movements) take(node)
  for (let depth = 0; depth < SLICE.depth && data.size + reached.size > 0; depth += 1) {
    const [hashes, agents] = [distinct([...data]), reached]
    data = new Set()
    reached = new Map()
    for (const node of await gotters(store, hashes)) take(node)
    for (const node of await afterwards(store, agents)) take(node)
  }
  return [...found]
}

/** Movements and calls that took these contents. */
async function gotters(store: GraphStore, data: readonly string[]): Promise<GraphNode[]> {
  if (data.length === 0) return []
  return [
    ...(await store.find('Movement', 'id', await store.neighbours('GOT', 'in', data))),
    ...(await store.find(
      'Action',
      'id',
      distinct([
        ...(await store.neighbours('TOOK', 'in', data)),
        ...(await store.neighbours('SHAPED_BY', 'in', data)),
      ]),
    )),
  ]
}

/** What agents did, wrote and sent after something had reached them. */
async function afterwards(
  store: GraphStore,
  reached: ReadonlyMap<string, number>,
): Promise<GraphNode[]> {
  if (reached.size === 0) return []
  const agents = [...reached.keys()].sort()
  const from = Math.min(...reached.values())
  const range = { min: { at: from - 1000 }, max: { at: from + FLOW_WINDOW } }
  const common = { orderBy: 'at', direction: 'asc', limit: MAX_ACTIONS } as const
  const equals = { agent: agents }
  const nodes = [
    ...(await store.page({ kind: 'Action', where: { equals, ...range }, ...common })),
    ...(await store.page({
      kind: 'Movement',
      where: { equals: { ...equals, op: ['wrote', 'sent'] }, ...range },
      ...common,
    })),
  ]
  return nodes.filter(
    (node) =>
      momentOf(node) >= (reached.get(textOf(node, 'agent') ?? '') ?? Number.POSITIVE_INFINITY),
  )
}
