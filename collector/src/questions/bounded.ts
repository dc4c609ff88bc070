import { NODE_KINDS } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'

/** Neighbours that are read at most in one step of an answer. */
export const MAX_NEIGHBOURS = 10_000

/** A graph of which a question reads no more than a bound at a time. */
export interface BoundedStore {
  readonly store: GraphStore
  /** Something had more neighbours than were read; those with the first keys were. */
  readonly isCut: () => boolean
}

/**
 * Bounds every walk to neighbours, over relationships and over columns alike: an agent that a million
 * calls name costs an answer no more than one that a few thousand do. What is asked for by its own key is
 * bounded by the question.
 */
export function boundedStore(store: GraphStore, most: number = MAX_NEIGHBOURS): BoundedStore {
  let cut = false
  const within = <Item>(found: readonly Item[]): Item[] => {
    if (found.length > most) cut = true
    return found.slice(0, most)
  }
  const bounded: GraphStore = {
    name: store.name,
    init: () => store.init(),
    health: () => store.health(),
    position: () => store.position(),
    write: (batch) => store.write(batch),
    find: async (kind, column, values, limit) =>
      limit !== undefined || column === NODE_KINDS[kind].key
        ? store.find(kind, column, values, limit)
        : within(await store.find(kind, column, values, most + 1)),
    ancestors: (links) => store.ancestors(links),
    descendants: (links, limit) => store.descendants(links, limit),
    neighbours: async (kind, direction, keys, limit) =>
      limit === undefined
        ? within(await store.neighbours(kind, direction, keys, most + 1))
        : store.neighbours(kind, direction, keys, limit),
    page: (query) => store.page(query),
    count: (kind, where, limit) => store.count(kind, where, limit),
    groups: (query) => store.groups(query),
    values: (kind, column, limit) => store.values(kind, column, limit),
    clear: () => store.clear(),
    dump: () => store.dump(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
  return { store: bounded, isCut: () => cut }
}
