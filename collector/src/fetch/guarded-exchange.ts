import { bodyOf } from './body.ts'
import { exchange, type Guard, type Sent } from './connection.ts'
import { refusal } from './errors.ts'

export interface ExchangeAnswer {
  /** Of any kind but a redirect: an OAuth error is a 400 with a body (RFC 6749 section 5.2). */
  readonly status: number
  /** As the host spells it; empty where it does not say. */
  readonly contentType: string
  /** Unpacked. */
  readonly body: Buffer
}

/**
 * A request of a protocol with a host that the configuration names, under the guards of `guardedFetch`. It may carry
 * credentials, which therefore go to no other host: a redirect is refused.
 *
 * @throws GuardedFetchError naming the host and the reason, never what was sent or answered
 */
export function guardedExchange(
  address: string,
  sent: Sent,
  guard: Guard,
): Promise<ExchangeAnswer> {
  return exchange(address, sent, guard, async (response, url) => {
    const { statusCode: status = 0, headers } = response
    if (status < 200 || (status >= 300 && status < 400)) {
      throw refusal(url, 'redirect_refused', 'sends to another address, which is not followed')
    }
    const body = await bodyOf(response, url, guard.maxBytes)
    return { status, contentType: headers['content-type'] ?? '', body }
  })
}
