/** Something that is good for so many calls: a proof of possession, an approval. */
export interface Use {
  /** Names it among all others. */
  readonly id: string
  /** How many calls it is good for, 1 or more: 1 but for the approval of a class of calls that says more. */
  readonly limit: number
  /** NumericDate after which nobody takes it any more, so that it may be forgotten. */
  readonly until: number
}

/**
 * Remembers what was used at an enforcement point. Where several processes serve one, they need one
 * store between them: each approval is good for one call at all of them together.
 */
export interface UseStore {
  /**
   * Counts one use of all of these, in one step that nothing can come between. Gives the ids that had
   * been used up before; where there is any, none is counted. Rejects where it cannot know: the call
   * is then refused.
   */
  consume(uses: readonly Use[], at: number): readonly string[] | Promise<readonly string[]>
}

/**
 * Keeps uses in this process until they may be forgotten, at most `max` of them (100,000 where
 * absent). A full one forgets nothing that still counts: it throws, and calls are refused.
 */
export function memoryUseStore({ max = 100_000 }: { readonly max?: number } = {}): UseStore {
  const used = new Map<string, Used>()
  const forget = (at: number) => {
    for (const [id, { until }] of used) if (until < at) used.delete(id)
  }
  const timesOf = (id: string, at: number) => {
    const known = used.get(id)
    return known === undefined || known.until < at ? 0 : known.times
  }
  return {
    consume(uses, at) {
      const again = uses.filter(({ id, limit }) => timesOf(id, at) >= limit).map(({ id }) => id)
      if (again.length > 0) return again
      const added = uses.filter(({ id }) => !used.has(id)).length
      if (used.size + added > max) forget(at)
      if (used.size + added > max) throw new Error('no room to remember another use')
      for (const { id, until } of uses) used.set(id, { until, times: timesOf(id, at) + 1 })
      return []
    },
  }
}

interface Used {
  readonly until: number
  readonly times: number
}
