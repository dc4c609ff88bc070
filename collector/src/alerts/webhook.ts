import { isIP } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { CollectorError } from '../errors.ts'
import type { AlertMessage, Channel, DeliveryResult } from './channel.ts'
import { retryAfter } from './retry-after.ts'

export interface WebhookSettings {
  readonly name: string
  /** https, or http on loopback. */
  readonly url: string
  /** `whsec_` and base64 of 24 to 64 bytes. From a file or the environment, never from a flag. */
  readonly secret: string
  /** Milliseconds for one attempt, 10,000 where absent. */
  readonly timeout?: number
}

const TIMEOUT = 10_000

/** Statuses that say "not now" and not "no": RFC 9110, RFC 8470 and RFC 6585. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429])

/**
 * A channel that posts to a URL, signed by Standard Webhooks (`v1`, HMAC-SHA256 over id, timestamp
 * and body). Redirects are not followed: they would carry a finding to a place nobody configured.
 *
 * @throws CollectorError `config_invalid` for an address or a secret that cannot be used
 */
export function webhookChannel(settings: WebhookSettings): Channel {
  const url = targetOf(settings.url)
  const signer = signerOf(settings.secret)
  const timeout = settings.timeout ?? TIMEOUT
  return {
    name: settings.name,
    async deliver(message, signal) {
      signal.throwIfAborted()
      // Not AbortSignal.any: what it makes can be collected as garbage while fetch still waits on it.
      const attempt = new AbortController()
      const end = (): void => attempt.abort()
      const timer = setTimeout(end, timeout)
      signal.addEventListener('abort', end)
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'manual',
          headers: headersOf(message, signer),
          body: message.body,
          signal: attempt.signal,
        })
        // Nothing in the answer is of use; an endless one must not hold the connection.
        await response.body?.cancel()
        return resultOf(response, message.at)
      } catch (error) {
        signal.throwIfAborted()
        const late = attempt.signal.aborted
        return { kind: 'later', reason: late ? 'no answer in time' : reasonOf(error) }
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
      }
    },
  }
}

function headersOf({ id, body, at }: AlertMessage, signer: Webhook): Record<string, string> {
  const time = new Date(at)
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'delegraph',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': signer.sign(id, time, body),
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

function targetOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const usable =
    url !== undefined &&
    url.username === '' &&
    url.password === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (usable) return url
  throw new CollectorError(
    'config_invalid',
    'a webhook goes to an https address, or to http on loopback, without a user name in it',
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
}

const PREFIX = 'whsec_'

function signerOf(secret: string): Webhook {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
  const length = Buffer.from(encoded, 'base64').length
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && length >= 24 && length <= 64) {
    return new Webhook(secret)
  }
  // It says what is expected and never what was given.
  throw new CollectorError(
    'config_invalid',
    'a webhook secret is whsec_ and the base64 of 24 to 64 random bytes',
  )
}
