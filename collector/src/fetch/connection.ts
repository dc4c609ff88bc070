import { promises as dns, type LookupAddress } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { addressSet, isPublicAddress } from './addresses.ts'
import { GuardedFetchError, refusal } from './errors.ts'

/** Where may be connected to, and how much may come back. */
export interface Guard {
  /** Hosts that the configuration names: `auth.example.com`, or `auth.example.com:8443`. */
  readonly hosts: readonly string[]
  /** Bytes that an answer may have, as it comes and unpacked. */
  readonly maxBytes: number
  /** Milliseconds for all of it, from the look-up to the last byte; 10,000 where absent. */
  readonly timeoutMs?: number
  /** Addresses, one by one, that may be connected to although they are not public. */
  readonly allowAddresses?: readonly string[]
  /** PEM of the authorities to believe instead of the usual ones. */
  readonly ca?: string
  /** Ends it early, as a time that has run out does. */
  readonly signal?: AbortSignal
  /** Addresses of a host name; the system's resolver where absent. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>
}

/** What is sent. */
export interface Sent {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const TIMEOUT = 10_000

/**
 * Sends one request and reads its answer with `read`: https only, a named host only, no address that is not public,
 * within its time, no connection of before and no proxy. The addresses that are checked are the very ones that are
 * connected to, so a name that changes its address in between gains nothing.
 *
 * @throws GuardedFetchError naming the host and the reason, never what was answered
 */
export async function exchange<Answer>(
  address: string,
  sent: Sent,
  guard: Guard,
  read: (response: IncomingMessage, url: URL) => Promise<Answer>,
): Promise<Answer> {
  const url = allowedUrl(address, guard.hosts)
  // Not AbortSignal.any: what it makes can be collected as garbage while a request still waits on it.
  const attempt = new AbortController()
  const end = (): void => attempt.abort()
  const timer = setTimeout(end, guard.timeoutMs ?? TIMEOUT)
  guard.signal?.addEventListener('abort', end)
  if (guard.signal?.aborted === true) end()
  try {
    const response = await send(url, sent, guard, attempt.signal)
    try {
      return await read(response, url)
    } finally {
      response.destroy()
    }
  } catch (cause) {
    if (cause instanceof GuardedFetchError) throw cause
    if (attempt.signal.aborted) throw refusal(url, 'timeout', 'did not answer in time')
    throw refusal(url, 'unreachable', `cannot be reached: ${reasonOf(cause)}`)
  } finally {
    clearTimeout(timer)
    guard.signal?.removeEventListener('abort', end)
  }
}

function allowedUrl(address: string, hosts: readonly string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined) throw new GuardedFetchError('url_refused', 'not a URL')
  if (url.protocol !== 'https:') throw refusal(url, 'url_refused', 'is not asked: only https is')
  if (url.username !== '' || url.password !== '') {
    throw refusal(url, 'url_refused', 'is not asked: the URL names a user')
  }
  if (!hosts.some((host) => hostOf(host) === url.host)) {
    throw refusal(url, 'host_refused', 'is not asked: the configuration does not name it')
  }
  return url
}

/** The spelling that a URL gives to a host. */
function hostOf(host: string): string | undefined {
  const text = `https://${host}`
  return URL.canParse(text) ? new URL(text).host : undefined
}

function send(
  url: URL,
  { method, headers, body }: Sent,
  guard: Guard,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isAllowed = allowedAddresses(guard)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Nothing is looked up for a literal.
  if (isIP(host) !== 0 && !isAllowed(host)) throw notPublic(url)
  return new Promise((resolve, reject) => {
    const sent = request({
      hostname: host,
      port: url.port === '' ? 443 : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...headers, 'accept-encoding': 'gzip', 'user-agent': 'delegraph' },
      // An agent of its own: no proxy of the environment, no connection or session from before.
      agent: new Agent({ keepAlive: false, maxCachedSessions: 0 }),
      lookup: checkedLookup(url, isAllowed, guard.lookup ?? systemLookup),
      maxHeaderSize: 16 * 1024,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      signal,
      ...(guard.ca === undefined ? {} : { ca: guard.ca }),
    })
    sent.once('response', resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}

function allowedAddresses({ allowAddresses = [] }: Guard) {
  const isNamed = addressSet(allowAddresses)
  return (address: string): boolean => isPublicAddress(address) || isNamed(address)
}

function systemLookup(host: string): Promise<LookupAddress[]> {
  return dns.lookup(host, { all: true })
}

/** Gives the connection only addresses that may be connected to: what is checked is what is used. */
function checkedLookup(
  url: URL,
  isAllowed: (address: string) => boolean,
  lookup: NonNullable<Guard['lookup']>,
): LookupFunction {
  return (host, { all }, callback) => {
    lookup(host)
      .then((found) => {
        const allowed = found.filter(({ address }) => isAllowed(address))
        const [first] = allowed
        if (first === undefined) callback(notPublic(url), '')
        else if (all === true) callback(null, allowed)
        else callback(null, first.address, first.family)
      })
      .catch((error: NodeJS.ErrnoException) => callback(error, ''))
  }
}

function notPublic(url: URL): GuardedFetchError {
  return refusal(url, 'address_refused', 'is not at a public address, nor at one that was named')
}

/** The system's code at most: a message may repeat what the host sent. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'the connection failed'
}
