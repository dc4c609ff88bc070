/** A map that holds at most `max` entries and forgets those that nobody asked for in a long time. */
export interface BoundedMap<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  readonly size: number
}

/**
 * Two generations of half the size: when the young one is full it becomes the old one, and what was
 * not asked for since is forgotten. A look-up costs no bookkeeping, unlike an exact order of use.
 */
export function boundedMap<Value>(max: number): BoundedMap<Value> {
  const half = Math.max(1, Math.floor(max / 2))
  let young = new Map<string, Value>()
  let old = new Map<string, Value>()
  const set = (key: string, value: Value) => {
    if (young.size >= half && !young.has(key)) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }
  return {
    get(key) {
      const value = young.get(key)
      if (value !== undefined) return value
      const kept = old.get(key)
      if (kept !== undefined) set(key, kept)
      return kept
    },
    set,
    get size() {
      let both = young.size
      for (const key of old.keys()) if (!young.has(key)) both += 1
      return both
    },
  }
}
