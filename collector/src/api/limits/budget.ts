import type { GraphStore, PageQuery } from '../../graph/index.ts'
import { apiError } from '../errors.ts'

/** What one request may have of the store. */
export interface BudgetLimits {
  /** Rows, over all reads. */
  readonly rows: number
  /** Milliseconds from its beginning. */
  readonly milliseconds: number
}

export const BUDGET: BudgetLimits = { rows: 100_000, milliseconds: 20_000 }

export interface BudgetedStore {
  readonly store: GraphStore
  /** Begins anew: each event of a subscription is a request of its own. */
  renew(): void
}

/**
 * A store that answers no more than its budget allows. The cost of a query is an estimate made before
 * it runs; this holds whatever it turns out to read. A page asks for no more rows than are left, and
 * one that is waited for too long is given up.
 */
export function budgetedStore(store: GraphStore, limits: BudgetLimits): BudgetedStore {
  let rows = limits.rows
  let until = performance.now() + limits.milliseconds

  const spent = (): Error =>
    apiError('QUERY_TOO_COMPLEX', `it reads more than ${limits.rows} rows or takes too long`)
  const inTime = async <T>(work: () => Promise<T>): Promise<T> => {
    const left = until - performance.now()
    if (rows <= 0 || left <= 0) throw spent()
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(spent()), left)
    try {
      return await Promise.race([work(), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
  const counted = async <T>(work: () => Promise<readonly T[]>): Promise<T[]> => {
    const found = await inTime(work)
    rows -= found.length
    if (rows < 0) throw spent()
    return [...found]
  }
  const bounded = (query: PageQuery): PageQuery => ({
    ...query,
    limit: Math.min(query.limit, rows + 1),
  })
  const reads: Pick<
    GraphStore,
    'find' | 'ancestors' | 'descendants' | 'neighbours' | 'page' | 'count' | 'groups' | 'values'
  > = {
    find: (kind, column, values, limit = Number.MAX_SAFE_INTEGER) =>
      counted(() => store.find(kind, column, values, Math.min(limit, Math.max(rows, 0) + 1))),
    ancestors: (links) => counted(() => store.ancestors(links)),
    descendants: (links, limit) =>
      counted(() => store.descendants(links, Math.min(limit, Math.max(rows, 0) + 1))),
    neighbours: (kind, way, keys, limit = Number.MAX_SAFE_INTEGER) =>
      counted(() => store.neighbours(kind, way, keys, Math.min(limit, Math.max(rows, 0) + 1))),
    page: (query) => counted(() => store.page(bounded(query))),
    count: (kind, where, limit) => inTime(() => store.count(kind, where, limit)),
    groups: (query) =>
      counted(() => store.groups({ ...query, limit: Math.min(query.limit, rows + 1) })),
    values: (kind, column, limit) =>
      counted(() => store.values(kind, column, Math.min(limit, Math.max(rows, 0) + 1))),
  }
  const refuse = (): never => {
    throw new TypeError('a request does not write')
  }
  return {
    store: {
      ...reads,
      name: store.name,
      ...(store.cypher === undefined ? {} : { cypher: store.cypher.bind(store) }),
      init: refuse,
      write: refuse,
      clear: refuse,
      dump: refuse,
      health: () => store.health(),
      position: () => store.position(),
      [Symbol.asyncDispose]: async () => {},
    },
    renew() {
      rows = limits.rows
      until = performance.now() + limits.milliseconds
    },
  }
}
