import type { Authority, GraphNode } from '@delegraph/graph-schema'
import { type Json, parseTools } from '@delegraph/link'
import { callOfNode } from '../../project/action-node.ts'
import { textOf } from '../../project/nodes.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { isExecuted } from '../what-if/what-if.ts'
import { exactly } from './exactly.ts'
import type { Fact, Ground, Row } from './ground.ts'
import { isDecided, isWithin } from './seen.ts'

/** Rule 2 by the word of an owner. */
export function reachExports(actor: Fact, ground: Ground): void {
  const { registry, validAt } = ground.asking
  const at = Math.floor(validAt / 1000)
  for (const entry of registry.entries) {
    if (entry.type !== 'export' || entry.agent === actor.id) continue
    if (entry.callers !== '*' && !entry.callers.includes(actor.id)) continue
    if (entry.until !== undefined && entry.until * 1000 <= ground.since) continue
    if (entry.owner !== undefined && entry.owner !== registry.owner(entry.agent)?.owner) continue
    const { agent, from, until } = entry
    if (from !== undefined && from > at) continue
    const live = until === undefined || at < until
    for (const [tool, map] of Object.entries(parseTools(entry.tools as Json).tools)) {
      const offer = ground.fact('export', `${agent} ${tool}`)
      const how = { rule: 'callable', decided: false, live } as const
      const offers = `${toolName(tool)} of ${who(agent)} is offered to ${who(actor.id)}`
      ground.step(actor, offer, { ...how, sentence: offers })
      ground.permit(
        offer,
        { agent, tool, map },
        { ...how, sentence: `${who(agent)} would do ${toolName(tool)} for it` },
      )
      ground.step(offer, ground.fact('call', agent), {
        ...how,
        sentence: `${who(agent)} acts for it`,
      })
    }
  }
}

/** Rule 2 by what was seen: an agent acted because another asked it to. */
export function reachCalled(actor: Fact, nodes: readonly GraphNode[], ground: Ground): void {
  for (const node of nodes) {
    const called = textOf(node, 'agent')
    if (called === undefined || called === actor.id) continue
    ground.step(actor, ground.fact('call', called), {
      ...{ rule: 'callable', live: true, decided: isDecided(node) },
      sentence: `${who(called)} did ${what(callOfNode(node))} when ${who(actor.id)} asked for it`,
    })
  }
}

/** Whoever used a reached approval or credential that is not his, and what he did with it. */
export async function expandUses(facts: readonly Fact[], ground: Ground): Promise<void> {
  const { store, validAt } = ground.asking
  for (const fact of facts) {
    const ids =
      fact.kind === 'approval'
        ? await store.neighbours('USED', 'in', [fact.id], ground.left('actions') + 1)
        : fact.kind === 'credential'
          ? (await store.find('Action', 'credential', [fact.id], ground.left('actions') + 1)).map(
              ({ key }) => key,
            )
          : []
    const nodes = await store.find('Action', 'id', ground.took('actions', ids))
    for (const node of nodes.filter(
      (one) => isExecuted(one) && isWithin(one, ground.since, validAt),
    )) {
      const agent = textOf(node, 'agent')
      if (agent === undefined) continue
      const { source } = authority(node)
      const isOwn = fact.kind === 'approval' && source?.id !== fact.id
      const sentence = `${who(agent)} did ${what(callOfNode(node))} with it`
      const rule = isOwn ? 'given' : 'callable'
      const how = { rule, live: false, decided: isDecided(node), sentence } as const
      ground.step(fact, ground.fact('holder', agent), how)
      ground.permit(fact, rowOf(node, ground), how)
    }
  }
}

/** What an agent did that nothing it has covers: it was reached all the same. */
export function reachUncovered(agent: string, nodes: readonly GraphNode[], ground: Ground): void {
  const fact = ground.fact('agent', agent)
  for (const node of nodes) {
    const { sentence } = authority(node)
    const told = `${who(agent)} did ${what(callOfNode(node))} without a grant: ${sentence}`
    ground.permit(fact, rowOf(node, ground), {
      ...{ rule: 'callable', live: false, decided: isDecided(node), sentence: told },
    })
  }
}

function rowOf(node: GraphNode, { asking }: Ground): Row {
  const agent = textOf(node, 'agent') ?? 'unknown'
  const principal = textOf(node, 'principal') ?? asking.registry.owner(agent)?.owner
  return {
    ...{ agent, tool: textOf(node, 'tool') ?? '', map: exactly(textOf(node, 'args')) },
    ...(principal === undefined ? {} : { principal }),
  }
}

function authority(node: GraphNode): Partial<Authority> {
  return JSON.parse(textOf(node, 'authority') ?? '{}') as Partial<Authority>
}
