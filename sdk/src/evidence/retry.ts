/** What OTLP/HTTP 1.11 says about an answer. */
export type Answer = 'accepted' | 'retry' | 'refused'

/** Retries only what OTLP calls retryable; everything else is final, 500 included. */
export function judgeStatus(status: number): Answer {
  if (status >= 200 && status < 300) return 'accepted'
  return RETRYABLE.has(status) ? 'retry' : 'refused'
}

/**
 * Milliseconds to wait before attempt `failures` + 1: what `Retry-After` asks for (seconds or a
 * date, at most a minute), else doubling from half a second to half a minute. A fifth of jitter
 * keeps many agents from coming back at once.
 */
export function backoff(
  failures: number,
  retryAfter: string | null,
  random: () => number = Math.random,
): number {
  const asked = retryAfter === null ? undefined : parseRetryAfter(retryAfter)
  const base = asked ?? Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1))
  // Never earlier than the server asked.
  const jitter = asked === undefined ? 0.8 + 0.4 * random() : 1 + 0.2 * random()
  return Math.round(base * jitter)
}

const RETRYABLE = new Set([429, 502, 503, 504])
const FIRST = 500
const LONGEST = 30_000
const MOST_ASKED = 60_000

function parseRetryAfter(value: string): number | undefined {
  const text = value.trim()
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.min(MOST_ASKED, Math.max(0, wait))
}
