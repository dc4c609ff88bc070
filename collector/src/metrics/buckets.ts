/** Upper bounds in seconds. The defaults of the library are made for milliseconds. */
export const BUCKETS = {
  /** One signature: tens of microseconds. */
  signature: [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05],
  /** A request, a write, a message: milliseconds to seconds. */
  work: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  /** From receiving to the graph: up to what an outage of the store takes. */
  wait: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
} as const satisfies Readonly<Record<string, readonly number[]>>

/** The settings of a histogram in seconds. */
export function inSeconds(description: string, bounds: readonly number[]) {
  return { description, advice: { explicitBucketBoundaries: [...bounds] } }
}
