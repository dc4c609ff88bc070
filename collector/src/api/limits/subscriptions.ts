import { apiError } from '../errors.ts'

/** How many subscriptions are open, over all requests. */
export interface SubscriptionLimits {
  readonly open: number
  readonly max: number
  /**
   * Takes a place until what it gives back is called.
   *
   * @throws GraphQLError `TOO_MANY_SUBSCRIPTIONS`, answered with 503 or 429
   */
  enter(name: string): () => void
}

/** 100 at a time, and 20 of each viewer where viewers are told apart. */
export function usualSubscriptionLimits(login: boolean): SubscriptionLimits {
  return subscriptionLimits(100, login ? 20 : 100)
}

/** `maxEach` of one name, where names tell viewers apart. */
export function subscriptionLimits(max: number, maxEach = max): SubscriptionLimits {
  const open = new Map<string, number>()
  let all = 0
  return {
    get open() {
      return all
    },
    max,
    enter(name) {
      if (all >= max) throw apiError('TOO_MANY_SUBSCRIPTIONS', `at most ${max} at a time`, 503)
      const own = open.get(name) ?? 0
      if (own >= maxEach) {
        throw apiError('TOO_MANY_SUBSCRIPTIONS', `at most ${maxEach} at a time for each`, 429)
      }
      all += 1
      open.set(name, own + 1)
      return () => {
        all -= 1
        const left = (open.get(name) ?? 1) - 1
        if (left === 0) open.delete(name)
        else open.set(name, left)
      }
    },
  }
}
