import type { Asking } from '../asking.ts'
import {
  type Follows,
  type Ground,
  isActor,
  keyOf,
  REACH_RULES,
  type ReachRule,
} from '../blast-radius/ground.ts'
import { isKnown, type StartKind } from '../blast-radius/start.ts'
import { boundedStore } from '../bounded.ts'

export type EndKind = StartKind | 'tool'

/** Where a way ends, or what it does not pass through. */
export interface End {
  readonly kind: EndKind
  readonly id: string
}

/** Whether anything of that id is in the graph. */
export async function isKnownEnd({ kind, id }: End, asking: Asking): Promise<boolean> {
  const { store } = boundedStore(asking.store)
  if (kind !== 'tool') return isKnown(kind, id, { ...asking, store })
  return (await store.find('Tool', 'uri', [id])).length > 0
}

/** The facts that are an end, by their keys: an agent is one however it is reached, and in what it may do. */
export function factsAt({ kind, id }: End, ground: Ground): Set<string> {
  const permitted = (is: (row: { readonly agent: string; readonly tool: string }) => boolean) =>
    [...ground.rows].flatMap(([key, row]) => (is(row) ? key : []))
  switch (kind) {
    case 'tool':
      return new Set(permitted(({ tool }) => tool === id))
    case 'agent': {
      const actors = [...ground.facts].flatMap(([key, fact]) =>
        isActor(fact.kind) && fact.id === id ? key : [],
      )
      const own = new Set(permitted(({ agent }) => agent === id))
      return new Set([...actors, ...arrivingAlone(own, new Set(actors), ground)])
    }
    default: {
      const key = keyOf(kind, id)
      return new Set(ground.facts.has(key) ? [key] : [])
    }
  }
}

/** Permissions that something leads to which does not lead to the agent itself as well: one way is told once. */
function arrivingAlone(
  permissions: ReadonlySet<string>,
  actors: ReadonlySet<string>,
  { steps }: Ground,
): string[] {
  const all = [...steps.values()]
  const told = new Set(all.flatMap(({ from, to }) => (actors.has(to) ? from : [])))
  const alone = all.filter(({ from, to }) => permissions.has(to) && !told.has(from))
  return [...new Set(alone.map(({ to }) => to))].filter((key) => !actors.has(key))
}

/** What is followed where these are not passed through, and only these rules lead on. */
export function followsOf(
  avoid: readonly End[],
  rules: readonly ReachRule[] = REACH_RULES,
): Follows {
  const named = (is: (kind: EndKind) => boolean): End[] => avoid.filter(({ kind }) => is(kind))
  return {
    rules: new Set(rules),
    without: new Set(named((kind) => kind === 'agent').map(({ id }) => id)),
    tools: new Set(named((kind) => kind === 'tool').map(({ id }) => id)),
    avoid: new Set(
      avoid.flatMap(({ kind, id }) => (kind === 'agent' || kind === 'tool' ? [] : keyOf(kind, id))),
    ),
  }
}
