import type { GraphStore } from '../../graph/index.ts'

export interface Remembering {
  readonly store: GraphStore
  /** Rows that the store behind it gave so far. */
  rows(): number
}

/** A store that reads the same thing once: many questions of one graph at one instant ask for the same. */
export function rememberingStore(store: GraphStore): Remembering {
  const known = new Map<string, Promise<readonly unknown[]>>()
  let rows = 0
  const once = async <T>(
    asked: readonly unknown[],
    read: () => Promise<readonly T[]>,
  ): Promise<T[]> => {
    const key = JSON.stringify(asked)
    const reading =
      known.get(key) ??
      read().then((found) => {
        rows += found.length
        return found
      })
    known.set(key, reading)
    return [...((await reading) as readonly T[])]
  }
  const refuse = (): never => {
    throw new TypeError('a question does not write')
  }
  return {
    rows: () => rows,
    store: {
      name: store.name,
      find: (...of) => once(['find', ...of], () => store.find(...of)),
      ancestors: (...of) => once(['ancestors', ...of], () => store.ancestors(...of)),
      descendants: (...of) => once(['descendants', ...of], () => store.descendants(...of)),
      neighbours: (...of) => once(['neighbours', ...of], () => store.neighbours(...of)),
      page: (...of) => once(['page', ...of], () => store.page(...of)),
      count: (...of) => store.count(...of),
      groups: (...of) => store.groups(...of),
      values: (...of) => store.values(...of),
      health: () => store.health(),
      position: () => store.position(),
      init: refuse,
      write: refuse,
      clear: refuse,
      dump: refuse,
      [Symbol.asyncDispose]: async () => {},
    },
  }
}
