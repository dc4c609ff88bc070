import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import { openBuckets } from './buckets.ts'
import type { Viewer } from './viewer.ts'

/** Slows whoever tries one credential after another from an address. */
export interface Strangers {
  /**
   * Seconds until what this request shows is looked at; undefined where it is looked at now. The same request is
   * answered the same however often it asks.
   */
  wait(request: IncomingMessage): number | undefined
  /** What came of looking at it. */
  told(request: IncomingMessage, viewer: Viewer | undefined): void
}

/** Credentials that were believed lately and go on being looked at, by their digests. */
const MAX_BELIEVED = 10_000

/**
 * Of each address, `perMinute` credentials that nobody knows. When they are used up nothing new from there is looked
 * at; what was believed before still is, or a stranger behind the same proxy could shut everybody out.
 * A request that shows nothing is no guess: it is refused without looking anything up, and does not count. Taken before
 * it is looked at and given back where it was no guess, so that many at once are no way around.
 */
export function openStrangers(perMinute: number, clock: () => number): Strangers {
  const guesses = openBuckets({ perMinute, clock })
  const believed = new Set<string>()
  const waits = new WeakMap<IncomingMessage, number | undefined>()
  const taken = new WeakSet<IncomingMessage>()
  return {
    wait(request) {
      if (waits.has(request)) return waits.get(request)
      const shown = shownBy(request.headers)
      if (shown === undefined || believed.has(digestOf(shown))) return undefined
      const wait = guesses.take(addressOf(request))
      waits.set(request, wait)
      if (wait === undefined) taken.add(request)
      return wait
    },
    told(request, viewer) {
      const shown = shownBy(request.headers)
      if (shown === undefined) return
      const digest = digestOf(shown)
      believed.delete(digest)
      if (viewer === undefined) return
      if (taken.delete(request)) guesses.give(addressOf(request))
      believed.add(digest)
      const [oldest] = believed
      if (believed.size > MAX_BELIEVED && oldest !== undefined) believed.delete(oldest)
    },
  }
}

/** What it shows by which somebody could be known. */
export function shownBy({ authorization, cookie }: IncomingHttpHeaders): string | undefined {
  return authorization ?? cookie
}

/** One host has a whole /64 of IPv6 (RFC 6177). */
function addressOf({ socket }: IncomingMessage): string {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('%', 1)[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

function digestOf(shown: string): string {
  return createHash('sha256').update(shown).digest('base64url')
}
