import type { Grade, GraphNode } from '@delegraph/graph-schema'
import type { Flows, Got, Put } from '../findings/definition/influence.ts'
import { SLICE } from '../findings/definition/influence.ts'
import type { GraphStore } from '../graph/index.ts'
import { distinct, listOf, textOf } from './nodes.ts'

/** How far back a flow of data is followed, milliseconds. */
export const FLOW_WINDOW = 30 * 24 * 3600 * 1000
/** Movements of all agents of one hop that are read at most, the latest first. */
const MAX_MOVEMENTS = 2_000

/**
 * Reads the flows that may have reached the actions: backwards, hop by hop, at most `SLICE.depth` of
 * them and within the window. Whether each was in time is for `influencesOn` to say.
 */
export async function flowsBehind(
  store: GraphStore,
  actions: readonly GraphNode[],
): Promise<Flows> {
  const reader = new FlowReader(store, Math.max(0, ...actions.map(momentOf)))
  for (const node of actions) reader.takeAction(node)
  for (let depth = 0; depth < SLICE.depth; depth += 1) {
    if (!(await reader.readHop())) break
  }
  return reader.flows()
}

class FlowReader {
  readonly #store: GraphStore
  readonly #latest: number
  readonly #puts = new Map<string, Put[]>()
  readonly #gots = new Map<string, Got[]>()
  readonly #seen = new Set<string>()
  #agents = new Set<string>()
  #data = new Set<string>()
  readonly #doneAgents = new Set<string>()
  readonly #doneData = new Set<string>()

  constructor(store: GraphStore, latest: number) {
    this.#store = store
    this.#latest = latest
  }

  flows(): Flows {
    return { puts: this.#puts, gots: this.#gots }
  }

  /** A call: what shaped it, what it gave back, and who made it. */
  takeAction(node: GraphNode): void {
    if (this.#seen.has(node.key)) return
    this.#seen.add(node.key)
    const agent = textOf(node, 'agent')
    if (agent === undefined) return
    const common = { ...placeOf(node), agent, at: momentOf(node), action: node.key }
    const grade = (textOf(node, 'grade') as Grade | undefined) ?? 'observed'
    this.#want(agent)
    for (const data of hashesIn(node, ['dataIn', 'drivers'])) {
      this.#got({ ...common, data, grade })
    }
    const ended = Number(node.columns['endedAt'] ?? common.at)
    const askedBy = listOf(node, 'callers')
    for (const data of hashesIn(node, ['dataOut'])) {
      this.#put({ ...common, at: Math.max(common.at, ended), data, grade, askedBy })
    }
  }

  /** One hop back. False where there was nothing to follow. */
  async readHop(): Promise<boolean> {
    const agents = [...this.#agents].sort()
    const data = [...this.#data].sort()
    this.#agents = new Set()
    this.#data = new Set()
    if (agents.length === 0 && data.length === 0) return false
    const putters = data.length === 0 ? [] : await this.#store.neighbours('PUT', 'in', data)
    const callers = data.length === 0 ? [] : await this.#store.neighbours('RETURNED', 'in', data)
    const movements = [
      ...(await this.#store.find('Movement', 'id', putters)),
      ...(agents.length === 0 ? [] : await this.#movementsOf(agents)),
    ]
    for (const node of movements) this.#takeMovement(node)
    const calls = await this.#store.find('Action', 'id', callers)
    for (const node of calls) if (textOf(node, 'effect') !== 'denied') this.takeAction(node)
    return this.#agents.size > 0 || this.#data.size > 0
  }

  #movementsOf(agents: readonly string[]): Promise<GraphNode[]> {
    return this.#store.page({
      kind: 'Movement',
      where: {
        equals: { agent: agents, op: ['read', 'received'] },
        min: { at: this.#latest - FLOW_WINDOW },
        max: { at: this.#latest },
      },
      orderBy: 'at',
      direction: 'desc',
      limit: MAX_MOVEMENTS,
    })
  }

  #takeMovement(node: GraphNode): void {
    if (this.#seen.has(node.key)) return
    this.#seen.add(node.key)
    const agent = textOf(node, 'agent')
    if (agent === undefined) return
    const op = textOf(node, 'op')
    const resource = textOf(node, 'resource')
    const peer = textOf(node, 'peer')
    const common = {
      ...placeOf(node),
      agent,
      at: momentOf(node),
      grade: 'asserted' as const,
      ...(resource === undefined ? {} : { resource }),
    }
    for (const data of listOf(node, 'data')) {
      if (op === 'wrote' || op === 'sent') this.#put({ ...common, data })
      else this.#got({ ...common, data, ...(peer === undefined ? {} : { from: peer }) })
    }
  }

  #put(put: Put): void {
    this.#puts.set(put.data, [...(this.#puts.get(put.data) ?? []), put])
    this.#want(put.agent)
  }

  #got(got: Got): void {
    this.#gots.set(got.agent, [...(this.#gots.get(got.agent) ?? []), got])
    if (got.from !== undefined) this.#want(got.from)
    if (this.#doneData.has(got.data)) return
    this.#doneData.add(got.data)
    this.#data.add(got.data)
  }

  #want(agent: string): void {
    if (this.#doneAgents.has(agent)) return
    this.#doneAgents.add(agent)
    this.#agents.add(agent)
  }
}

/** Epoch milliseconds of a call or a movement. */
export function momentOf(node: GraphNode): number {
  return Number(node.columns['moment'] ?? node.columns['at'] ?? 0)
}

function placeOf(node: GraphNode): { readonly task?: string; readonly session?: string } {
  const task = textOf(node, 'task')
  const session = textOf(node, 'session')
  return { ...(task === undefined ? {} : { task }), ...(session === undefined ? {} : { session }) }
}

/** Drivers are hashes of data or agent ids, which are URIs. */
function hashesIn(node: GraphNode, columns: readonly string[]): string[] {
  const all = columns.flatMap((column) => listOf(node, column))
  return distinct(all.filter((text) => !text.includes(':')))
}
