import type { GraphNode } from '@delegraph/graph-schema'
import { permits } from '@delegraph/link'
import { callOfNode } from '../../project/action-node.ts'
import { textOf } from '../../project/nodes.ts'
import type { Asking, Missing } from '../asking.ts'
import { reachUncovered } from './callable.ts'
import { expandGiven } from './given.ts'
import { type Fact, type Follows, Ground, keyOf, type Row } from './ground.ts'
import { expandObserved } from './observed.ts'
import type { Seen } from './seen.ts'
import { factOfStart, type Start } from './start.ts'

/** How far is followed. */
export interface Extent {
  /** Epoch milliseconds: from when on what was exercised counts. */
  readonly since: number
  /** Steps. */
  readonly maxDepth: number
  /** Every way where it is absent. */
  readonly follows?: Follows
  /** Milliseconds after which nothing more is read; 8,000 where it is absent. */
  readonly maxTime?: number
}

/** All that was read from a start. */
export interface Explored {
  readonly ground: Ground
  readonly first: Fact
  readonly seen: Seen
}

export const MAX_DEPTH = 32
const MAX_TIME = 8_000

/** Reads everything that follows from a start, as far as it may. */
export async function explored(
  start: Start,
  { since, maxDepth, follows, maxTime = MAX_TIME }: Extent,
  asking: Asking,
): Promise<Explored | Missing> {
  const ground = new Ground(asking, since, follows)
  const first = await factOfStart(start, ground)
  if (first === undefined) return { missing: `${start.kind} ${start.id}` }
  const seen: Seen = { acts: new Map(), asked: new Map(), written: new Map() }
  const deadline = performance.now() + maxTime
  for (let depth = 0; ground.hasFresh; depth += 1) {
    if (depth >= maxDepth) ground.capped.add('depth')
    if (performance.now() > deadline) ground.capped.add('time')
    if (depth >= maxDepth || performance.now() > deadline) break
    const fresh = ground.takeFresh()
    await expandGiven(fresh, ground)
    await expandObserved(fresh, ground, seen)
  }
  const rows = [...ground.rows.values()]
  for (const [agent, nodes] of seen.acts) {
    if (!ground.facts.has(keyOf('agent', agent))) continue
    const bare = nodes.filter((node) => !rows.some((row) => covers(row, node)))
    reachUncovered(agent, bare, ground)
  }
  return { ground, first, seen }
}

/** Whether an action is a use of a permission, as far as its arguments were disclosed. */
export function covers({ agent, tool, map }: Row, node: GraphNode): boolean {
  if (textOf(node, 'agent') !== agent || textOf(node, 'tool') !== tool) return false
  const answer = permits({ [tool]: map }, callOfNode(node))
  return 'unknown' in answer || answer.covered
}
