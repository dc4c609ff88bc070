import type { GraphNode } from '@delegraph/graph-schema'
import { distinct, textOf } from '../../project/nodes.ts'
import { who } from '../../verify/words.ts'
import { isExecuted } from '../what-if/what-if.ts'
import { type Fact, type Ground, idsOf } from './ground.ts'
import { isDecided, isWithin } from './seen.ts'

/** Rules 3 and 4 by calls: what was done to a resource, and what was changed. */
export function reachWrites(actor: Fact, nodes: readonly GraphNode[], ground: Ground): void {
  for (const node of nodes) {
    const resource = textOf(node, 'resource')
    const rule = writeRule(node, ground)
    if (resource === undefined || rule === undefined) continue
    const did = rule === 'control' ? 'changed' : 'wrote'
    ground.step(actor, ground.fact('resource', resource), {
      ...{ rule, live: true, decided: isDecided(node) },
      sentence: `${who(actor.id)} ${did} ${resource}`,
    })
  }
}

/** What a call is to the resource that it was done to; undefined where it only read. */
export function writeRule(node: GraphNode, { asking }: Ground): 'stateful' | 'control' | undefined {
  if (node.columns['control'] === true) return 'control'
  const effect = asking.registry.effect(textOf(node, 'tool') ?? '')
  return effect === 'read' || effect === 'sensitive_read' ? undefined : 'stateful'
}

/** Rule 3 by what agents say that they wrote. */
export function reachMoved(actor: Fact, nodes: readonly GraphNode[], ground: Ground): void {
  for (const node of nodes) {
    const resource = textOf(node, 'resource')
    if (resource === undefined) continue
    ground.step(actor, ground.fact('resource', resource), {
      ...{ rule: 'stateful', live: true, decided: false },
      sentence: `${who(actor.id)} wrote ${resource}`,
    })
  }
}

/** Who read a resource is influenced by it; an agent or an artefact that it is the configuration of is governed. */
export async function expandResources(facts: readonly Fact[], ground: Ground): Promise<void> {
  const ids = idsOf(facts, 'resource')
  if (ids.length === 0) return
  const { store, validAt, registry } = ground.asking
  for (const id of ids) {
    const resource = ground.fact('resource', id)
    const moved = await store.find(
      'Movement',
      'id',
      ground.took(
        'movements',
        await store.neighbours('MOVED_AT', 'in', [id], ground.left('movements') + 1),
      ),
    )
    const done = await store.find(
      'Action',
      'id',
      ground.took(
        'actions',
        await store.neighbours('DONE_TO', 'in', [id], ground.left('actions') + 1),
      ),
    )
    const reads = [
      ...moved.filter((node) => textOf(node, 'op') === 'read'),
      ...done.filter(
        (node) =>
          isExecuted(node) &&
          ['read', 'sensitive_read'].includes(registry.effect(textOf(node, 'tool') ?? '') ?? ''),
      ),
    ].filter((node) => isWithin(node, ground.since, validAt))
    for (const reader of distinct(reads.flatMap((node) => textOf(node, 'agent') ?? [])))
      ground.step(resource, ground.fact('agent', reader), {
        ...{ rule: 'stateful', live: true, decided: false, sentence: `${who(reader)} read it` },
      })
  }
  for (const [kind, column] of GOVERNED) {
    for (const { key } of await store.find(kind, column, ids))
      ground.step(ground.fact('resource', key), ground.fact(FACTS[kind], key), {
        ...{ rule: 'control', live: true, decided: false, sentence: `it governs ${who(key)}` },
      })
  }
}

const GOVERNED = [
  ['Agent', 'id'],
  ['Link', 'hash'],
  ['Approval', 'hash'],
] as const
const FACTS = { Agent: 'agent', Link: 'link', Approval: 'approval' } as const
