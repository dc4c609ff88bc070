import { expandUses, reachCalled, reachExports } from './callable.ts'
import { actorsIn, type Fact, type Ground } from './ground.ts'
import { isReached, readSeen, type Seen } from './seen.ts'
import { reachStanding } from './standing.ts'
import { expandResources, reachMoved, reachWrites } from './stateful.ts'
import { expandWritable } from './writable.ts'

/**
 * Rules 2 to 4, over what the agents reached did and may call: agents that act for them, resources that
 * carry what they wrote, and what is governed by what they changed.
 */
export async function expandObserved(
  facts: readonly Fact[],
  ground: Ground,
  seen: Seen,
): Promise<void> {
  await readSeen([...actorsIn(facts).keys()], ground, seen)
  for (const actor of [...actorsIn(facts).values()].flat()) {
    if (actor.kind === 'call') reachStanding(actor, ground)
    reachExports(actor, ground)
  }
  // All of them again: what was seen of an agent may rest on what is reached only now.
  for (const actor of [...actorsIn([...ground.facts.values()]).values()].flat()) {
    const reached = (nodes = seen.acts.get(actor.id)) =>
      (nodes ?? []).filter((node) => isReached(node, ground, actor))
    reachWrites(actor, reached(), ground)
    reachMoved(actor, reached(seen.written.get(actor.id)), ground)
    reachCalled(actor, reached(seen.asked.get(actor.id)), ground)
  }
  await expandUses(facts, ground)
  await expandWritable(facts, ground)
  await expandResources(facts, ground)
}
