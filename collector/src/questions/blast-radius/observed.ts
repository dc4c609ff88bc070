import { type Acts, readActs } from './acts.ts'
import { expandUses, reachCalled, reachExports } from './callable.ts'
import { actorsIn, type Fact, type Ground } from './ground.ts'
import { reachStanding } from './standing.ts'
import { expandResources, reachMovements, reachWrites } from './stateful.ts'
import { expandWritable } from './writable.ts'

/**
 * Rules 2 to 4, over what the agents reached did and may call: agents that act for them, resources that
 * carry what they wrote, and what is governed by what they changed.
 */
export async function expandObserved(
  facts: readonly Fact[],
  ground: Ground,
  acts: Acts,
): Promise<void> {
  const actors = actorsIn(facts)
  for (const fact of facts) if (fact.kind === 'call') reachStanding(fact, ground)
  await readActs([...actors.keys()], ground, acts)
  for (const [agent, as] of actors) {
    for (const fact of as) {
      reachExports(fact, ground)
      reachWrites(fact, acts.get(agent) ?? [], ground)
    }
  }
  await reachCalled(actors, ground)
  await reachMovements(actors, ground)
  await expandUses(facts, ground)
  await expandWritable(facts, ground)
  await expandResources(facts, ground)
}
