import type { GraphNode } from '@delegraph/graph-schema'
import { callOfNode } from '../../project/action-node.ts'
import { listOf, textOf } from '../../project/nodes.ts'
import type { Registry } from '../../verify/registry.ts'
import { who } from '../../verify/words.ts'
import type { Taken } from './artefact.ts'

/** What an action used of what would be taken back. */
export interface Rest {
  readonly kind: 'link' | 'approval' | 'credential' | 'standing'
  /** In words: `approval LQLua3Mo`. */
  readonly words: string
}

/**
 * Which of the artefacts an action used: what it cites, presents, or had by its owner's word. `links`
 * are those that the withdrawals take, with all below them. Undefined where it used none.
 */
export function restOf(
  action: GraphNode,
  all: readonly Taken[],
  links: ReadonlySet<string>,
  registry: Registry,
): Rest | undefined {
  const cited = textOf(action, 'link')
  if (cited !== undefined && links.has(cited)) return named('link', cited)
  const approvals = new Set(all.flatMap((one) => one.approvals))
  const approval = listOf(action, 'approvals').find((hash) => approvals.has(hash))
  if (approval !== undefined) return named('approval', approval)
  const credential = textOf(action, 'credential')
  if (all.some(({ kind, id }) => kind === 'credential' && id === credential))
    return named('credential', credential ?? '')
  if (!all.some(({ kind, id }) => kind === 'standing' && isStanding(action, id, registry)))
    return undefined
  const owner = who(textOf(action, 'agent') ?? 'unknown')
  return { kind: 'standing', words: `the standing permission of ${owner}` }
}

function named(kind: Rest['kind'], id: string): Rest {
  return { kind, words: `${kind} ${id.slice(0, 8)}` }
}

/** The permission covers it. */
function isStanding(action: GraphNode, id: string, registry: Registry): boolean {
  const [agent = '', tool] = id.split(' ', 2)
  const call = callOfNode(action)
  if (textOf(action, 'agent') !== agent || (tool !== undefined && tool !== call.tool)) return false
  const at = Math.floor(Number(action.columns['at'] ?? 0) / 1000)
  return registry.standing(agent, call, at, textOf(action, 'task'), textOf(action, 'purpose'))
}
