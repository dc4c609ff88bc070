import { type GraphNode, NODE_KINDS } from '@delegraph/graph-schema'
import type { GraphStore, PageQuery } from '../../graph/index.ts'
import { compareText } from '../../graph/text.ts'

export interface Remembering {
  readonly store: GraphStore
  /** Rows that the store behind it gave so far. */
  rows(): number
}

/**
 * A store that reads the same thing once: many questions of one graph at one instant ask for the same. What is looked
 * up by values is known by each of them, so that another question with one of those reads the rest alone.
 */
export function rememberingStore(store: GraphStore): Remembering {
  const known = new Map<string, Promise<readonly unknown[]>>()
  const byValue = new Map<string, Map<string, readonly GraphNode[]>>()
  const pages = new Map<string, { readonly rows: readonly GraphNode[]; readonly limit: number }>()
  let rows = 0
  const counted = async <T>(read: Promise<readonly T[]>): Promise<readonly T[]> => {
    const found = await read
    rows += found.length
    return found
  }
  const once = async <T>(
    asked: readonly unknown[],
    read: () => Promise<readonly T[]>,
  ): Promise<T[]> => {
    const key = JSON.stringify(asked)
    const reading = known.get(key) ?? counted(read())
    known.set(key, reading)
    return [...((await reading) as readonly T[])]
  }
  const find: GraphStore['find'] = async (kind, column, values, limit) => {
    const place = `${kind} ${column}`
    const here = byValue.get(place) ?? new Map<string, readonly GraphNode[]>()
    byValue.set(place, here)
    const wanted = [...new Set(values)]
    const missing = wanted.filter((value) => !here.has(value))
    if (missing.length > 0) {
      const found = await counted(store.find(kind, column, missing, limit))
      // What was cut is not known to be all of any value.
      if (limit !== undefined && found.length >= limit)
        return missing.length === wanted.length
          ? [...found]
          : [...(await counted(store.find(kind, column, wanted, limit)))]
      const own = Map.groupBy(found, (node) =>
        column === NODE_KINDS[kind].key ? node.key : String(node.columns[column]),
      )
      for (const value of missing) here.set(value, own.get(value) ?? [])
    }
    return wanted
      .flatMap((value) => here.get(value) ?? [])
      .sort((a, b) => compareText(a.key, b.key))
      .slice(0, limit)
  }
  /** One page, of which a shorter one is the beginning. */
  const page = async ({ limit, ...query }: PageQuery): Promise<readonly GraphNode[]> => {
    const key = JSON.stringify(query)
    const had = pages.get(key)
    if (had !== undefined && (had.limit >= limit || had.rows.length < had.limit))
      return had.rows.slice(0, limit)
    const found = await counted(store.page({ ...query, limit }))
    pages.set(key, { rows: found, limit })
    return found
  }
  const refuse = (): never => {
    throw new TypeError('a question does not write')
  }
  return {
    rows: () => rows,
    store: {
      name: store.name,
      find,
      ancestors: (...of) => once(['ancestors', ...of], () => store.ancestors(...of)),
      descendants: (...of) => once(['descendants', ...of], () => store.descendants(...of)),
      neighbours: (...of) => once(['neighbours', ...of], () => store.neighbours(...of)),
      page: async (query) => [...(await page(query))],
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
