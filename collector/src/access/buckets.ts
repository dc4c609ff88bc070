/** A bucket of tokens for each key: full when it is first asked for, filled evenly. */
export interface Buckets {
  /** Takes so many, and then says nothing; or says after how many whole seconds there would be enough, and takes none. */
  take(key: string, amount?: number): number | undefined
  /** Puts back what was taken. */
  give(key: string, amount?: number): void
  /** How many keys are held. */
  readonly size: number
}

export interface BucketSettings {
  /** How many a bucket holds, and how many flow into it in a minute. */
  readonly perMinute: number
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** Keys that are held; whichever was not asked for longest is forgotten, and is full when it comes again. */
  readonly maxKeys?: number
}

interface Bucket {
  readonly left: number
  readonly at: number
}

const MINUTE = 60_000
const MAX_KEYS = 10_000

/** Bounded whoever asks: the map is in the order of last use. */
export function openBuckets({ perMinute, clock, maxKeys = MAX_KEYS }: BucketSettings): Buckets {
  const held = new Map<string, Bucket>()
  const leftOf = (key: string, now: number): number => {
    const bucket = held.get(key)
    if (bucket === undefined) return perMinute
    // A clock that is set back fills nothing and takes nothing.
    const flowed = (Math.max(0, now - bucket.at) * perMinute) / MINUTE
    return Math.min(perMinute, bucket.left + flowed)
  }
  const hold = (key: string, left: number, at: number): void => {
    held.delete(key)
    held.set(key, { left, at })
    const [oldest] = held.keys()
    if (held.size > maxKeys && oldest !== undefined) held.delete(oldest)
  }
  const waitFor = (left: number, amount: number): number | undefined =>
    left >= amount ? undefined : Math.max(1, Math.ceil(((amount - left) * 60) / perMinute))
  return {
    take(key, amount = 1) {
      const now = clock()
      const left = leftOf(key, now)
      const wait = waitFor(left, amount)
      hold(key, wait === undefined ? left - amount : left, now)
      return wait
    },
    give(key, amount = 1) {
      const now = clock()
      hold(key, Math.min(perMinute, leftOf(key, now) + amount), now)
    },
    get size() {
      return held.size
    },
  }
}
