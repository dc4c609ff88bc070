import type { GraphNode, Verdict } from '@delegraph/graph-schema'
import { textOf } from '../../project/nodes.ts'
import { isExecuted } from '../what-if/what-if.ts'
import type { Ground } from './ground.ts'

/** What the reached agents did in the time that is asked of, by agent, newest first. */
export type Acts = Map<string, GraphNode[]>

export async function readActs(
  agents: readonly string[],
  ground: Ground,
  acts: Acts,
): Promise<void> {
  const fresh = agents.filter((agent) => !acts.has(agent))
  if (fresh.length === 0) return
  const { store, validAt } = ground.asking
  const found = await store.page({
    kind: 'Action',
    where: { equals: { agent: fresh }, min: { at: ground.since }, max: { at: validAt } },
    orderBy: 'at',
    direction: 'desc',
    limit: ground.left('actions') + 1,
  })
  const groups = Map.groupBy(
    ground.took('actions', found).filter(isExecuted),
    (node) => textOf(node, 'agent') ?? '',
  )
  for (const agent of fresh) acts.set(agent, groups.get(agent) ?? [])
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
