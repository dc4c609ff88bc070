/** Something that is good once: a proof of possession, an approval. */
export interface Use {
  /** Names it among all others. */
  readonly id: string
  /** NumericDate after which nobody takes it any more, so that it may be forgotten. */
  readonly until: number
}

/**
 * Remembers what was used at an enforcement point. Where several processes serve one, they need one
 * store between them: each approval is good for one call at all of them together.
 */
export interface UseStore {
  /**
   * Marks all of these as used, in one step that nothing can come between. Gives the ids that had
   * been used before; where there is any, none is marked. Rejects where it cannot know: the call is
   * then refused.
   */
  consume(uses: readonly Use[], at: number): readonly string[] | Promise<readonly string[]>
}

/**
 * Keeps uses in this process until they may be forgotten, at most `max` of them (100,000 where
 * absent). A full one forgets nothing that still counts: it throws, and calls are refused.
 */
export function memoryUseStore({ max = 100_000 }: { readonly max?: number } = {}): UseStore {
  const used = new Map<string, number>()
  const forget = (at: number) => {
    for (const [id, until] of used) if (until < at) used.delete(id)
  }
  return {
    consume(uses, at) {
      const again = uses.filter(({ id }) => (used.get(id) ?? -1) >= at).map(({ id }) => id)
      if (again.length > 0) return again
      if (used.size + uses.length > max) forget(at)
      if (used.size + uses.length > max) throw new Error('no room to remember another use')
      for (const { id, until } of uses) used.set(id, until)
      return []
    },
  }
}
