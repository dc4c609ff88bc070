import type { GraphNode, Verdict } from '@delegraph/graph-schema'
import { listOf, textOf } from '../../project/nodes.ts'
import { authorityOf, isExecuted } from '../what-if/what-if.ts'
import { type Fact, type FactKind, type Ground, keyOf } from './ground.ts'

/** What was seen of the agents that are reached, each by agent, newest first. */
export interface Seen {
  /** Calls that it made. */
  readonly acts: Map<string, readonly GraphNode[]>
  /** Calls that others made when it asked. */
  readonly asked: Map<string, readonly GraphNode[]>
  /** What it says it wrote outside calls. */
  readonly written: Map<string, readonly GraphNode[]>
}

/** Reads what was seen of agents that were not looked at yet. */
export async function readSeen(
  agents: readonly string[],
  ground: Ground,
  { acts, asked, written }: Seen,
): Promise<void> {
  const fresh = agents.filter((agent) => !acts.has(agent))
  if (fresh.length === 0) return
  const { since } = ground
  const { store, validAt } = ground.asking
  const during = { min: { at: since }, max: { at: validAt } }
  const newest = { orderBy: 'at', direction: 'desc' } as const
  const done = await store.page({
    kind: 'Action',
    where: { equals: { agent: fresh }, ...during },
    ...newest,
    limit: ground.left('actions') + 1,
  })
  const moved = await store.page({
    kind: 'Movement',
    where: { equals: { agent: fresh, op: ['wrote'] }, ...during },
    ...newest,
    limit: ground.left('movements') + 1,
  })
  const byAgent = (nodes: readonly GraphNode[]) =>
    Map.groupBy(nodes, (node) => textOf(node, 'agent') ?? '')
  const actsOf = byAgent(ground.took('actions', done).filter(isExecuted))
  const writtenBy = byAgent(ground.took('movements', moved))
  for (const agent of fresh) {
    const ids = await store.neighbours('ASKED_BY', 'in', [agent], ground.left('asked') + 1)
    const calls = await store.find('Action', 'id', ground.took('asked', ids))
    acts.set(agent, actsOf.get(agent) ?? [])
    written.set(agent, writtenBy.get(agent) ?? [])
    asked.set(
      agent,
      calls.filter((node) => isExecuted(node) && isWithin(node, since, validAt)),
    )
  }
}

/**
 * Whether something seen belongs to what is reached: it was done by an agent that is reached with all it
 * has, or on something that is reached. What else its holder does is his own business.
 */
export function isReached(node: GraphNode, { facts }: Ground, actor?: Fact): boolean {
  const [agent = '', tool = ''] = [textOf(node, 'agent'), textOf(node, 'tool')]
  const has = (kind: FactKind, id: string | undefined): boolean =>
    id !== undefined && facts.has(keyOf(kind, id))
  return (
    actor?.kind === 'agent' ||
    has('agent', agent) ||
    has('link', textOf(node, 'link')) ||
    has('credential', textOf(node, 'credential')) ||
    listOf(node, 'approvals').some((hash) => has('approval', hash)) ||
    (node.kind === 'Action' &&
      authorityOf(node).kind === 'standing' &&
      (has('standing', `${agent} ${tool}`) || has('export', `${agent} ${tool}`)))
  )
}

export function isWithin(node: GraphNode, since: number, validAt: number): boolean {
  const at = Number(node.columns['at'] ?? 0)
  return at >= since && at <= validAt
}

/** An enforcement point that is known let it through. */
export function isDecided(node: GraphNode): boolean {
  const { decision } = JSON.parse(textOf(node, 'verdict') ?? '{}') as Partial<Verdict>
  return decision?.state === 'ok'
}
