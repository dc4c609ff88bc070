/** Loads by key; keys asked for in the same turn of execution are loaded together. */
export type Load<V> = (key: string) => Promise<V | undefined>

const LARGEST_BATCH = 500

/**
 * Gathers the keys that the resolvers of one level ask for and loads them with one call. Nothing is
 * kept after a batch: a subscription lives for hours and must see what the graph says now.
 */
export function createLoader<V>(
  batch: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): Load<V> {
  let waiting = new Map<string, PromiseWithResolvers<V | undefined>>()

  const flush = (): void => {
    const due = [...waiting]
    waiting = new Map()
    for (let i = 0; i < due.length; i += LARGEST_BATCH) settle(due.slice(i, i + LARGEST_BATCH))
  }
  const settle = (due: readonly [string, PromiseWithResolvers<V | undefined>][]): void => {
    batch(due.map(([key]) => key)).then(
      (found) => {
        for (const [key, { resolve }] of due) resolve(found.get(key))
      },
      (error: unknown) => {
        for (const [, { reject }] of due) reject(error)
      },
    )
  }
  return (key) => {
    const known = waiting.get(key)
    if (known !== undefined) return known.promise
    // After the promises that are settled already: their continuations ask for the same level.
    if (waiting.size === 0) queueMicrotask(() => process.nextTick(flush))
    const pending = Promise.withResolvers<V | undefined>()
    waiting.set(key, pending)
    return pending.promise
  }
}
