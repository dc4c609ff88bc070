import type { DeliveryResult } from './channel.ts'
import { retryAfter } from './retry-after.ts'

export interface Post {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Milliseconds for one attempt, 10,000 where absent. */
  readonly timeout?: number
  /** Bytes that the receiver takes, 1 MiB where absent. */
  readonly maxBytes?: number
  /** Time of the attempt, epoch milliseconds. */
  readonly at: number
}

const TIMEOUT = 10_000
const MAX_BYTES = 1024 * 1024

/** Statuses that say "not now" and not "no": RFC 9110, RFC 8470 and RFC 6585. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429])

/**
 * One attempt to hand a body over. Redirects are not followed: they would carry a finding to a place
 * that nobody configured. Rejects only where `signal` ends it; reasons hold no address and no secret.
 */
export async function post(request: Post, signal: AbortSignal): Promise<DeliveryResult> {
  signal.throwIfAborted()
  const size = Buffer.byteLength(request.body)
  const { maxBytes = MAX_BYTES, timeout = TIMEOUT } = request
  if (size > maxBytes) {
    return { kind: 'refused', reason: `a message of ${size} bytes is larger than ${maxBytes}` }
  }
  // Not AbortSignal.any: what it makes can be collected as garbage while fetch still waits on it.
  const attempt = new AbortController()
  const end = (): void => attempt.abort()
  const timer = setTimeout(end, timeout)
  signal.addEventListener('abort', end)
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'user-agent': 'delegraph', ...request.headers },
      body: request.body,
      signal: attempt.signal,
    })
    // Nothing in the answer is of use; an endless one must not hold the connection.
    await response.body?.cancel()
    return resultOf(response, request.at)
  } catch (error) {
    signal.throwIfAborted()
    const late = attempt.signal.aborted
    return { kind: 'later', reason: late ? 'no answer in time' : reasonOf(error) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

/** A JSON body with its headers, and a bearer token where there is one. */
export function json(value: unknown, bearer?: string): Pick<Post, 'headers' | 'body'> {
  return {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify(value),
  }
}

function resultOf(response: Response, now: number): DeliveryResult {
  const { status, ok } = response
  if (ok) return { kind: 'delivered' }
  const reason = `the receiver answered ${status}`
  if (status < 500 && !LATER.has(status)) return { kind: 'refused', reason }
  const wait = retryAfter(response.headers.get('retry-after'), now)
  return { kind: 'later', reason, ...(wait === undefined ? {} : { retryAfter: wait }) }
}

/** The system's code at most: a message of fetch may repeat the address, which may hold a secret. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? `not reached: ${code}` : 'not reached'
}
