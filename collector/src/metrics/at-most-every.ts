const MILLISECONDS = 5_000

/**
 * What is counted in the graph is counted at most every five seconds, however often it is asked for: an
 * embedded graph is read on the thread that takes evidence in.
 */
export function atMostEvery<T>(count: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined
  let at = Number.NEGATIVE_INFINITY
  return () => {
    if (last === undefined || performance.now() - at >= MILLISECONDS) {
      at = performance.now()
      last = count()
    }
    return last
  }
}
