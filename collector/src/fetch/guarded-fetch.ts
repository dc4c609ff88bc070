import { promises as dns, type LookupAddress } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { gunzip as gunzipOf } from 'node:zlib'
import { addressSet, isPublicAddress } from './addresses.ts'
import { cacheAge } from './cache-age.ts'
import { GuardedFetchError, type GuardedFetchErrorCode } from './errors.ts'

export interface GuardedFetchOptions {
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
  /** Media types that are wanted; an answer of another one is refused. Any where absent. */
  readonly accept?: readonly string[]
  /** The `etag` of an earlier answer: the same again comes back as 304 without a body. */
  readonly etag?: string
  /** Addresses of a host name; the system's resolver where absent. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>
}

export interface GuardedAnswer {
  /** 304 only where an `etag` was given. */
  readonly status: 200 | 304
  /** In lower case and without parameters; empty where the host does not say. */
  readonly contentType: string
  /** Unpacked. */
  readonly body: Buffer
  readonly etag?: string
  /** Seconds that the answer says it stays fresh. */
  readonly maxAge?: number
}

const TIMEOUT = 10_000
const gunzip = promisify(gunzipOf)

/**
 * GETs a document that the configuration points to, and cannot be led anywhere else: https only, a
 * named host only, no redirect, no address that is not public, sizes and time bounded, no
 * credentials, cookies or proxy. The addresses that are checked are the very ones that are connected
 * to, so a name that changes its address in between gains nothing.
 *
 * @throws GuardedFetchError naming the host and the reason, never the body
 */
export async function guardedFetch(
  address: string,
  options: GuardedFetchOptions,
): Promise<GuardedAnswer> {
  const url = allowedUrl(address, options.hosts)
  const signal = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT)
  try {
    return await answerOf(await send(url, options, signal), url, options)
  } catch (cause) {
    if (cause instanceof GuardedFetchError) throw cause
    if (signal.aborted) throw refusal(url, 'timeout', 'did not answer in time')
    throw refusal(url, 'unreachable', `cannot be reached: ${reasonOf(cause)}`)
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
  options: GuardedFetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isAllowed = allowedAddresses(options)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Nothing is looked up for a literal.
  if (isIP(host) !== 0 && !isAllowed(host)) throw notPublic(url)
  return new Promise((resolve, reject) => {
    const sent = request({
      hostname: host,
      port: url.port === '' ? 443 : Number(url.port),
      path: `${url.pathname}${url.search}`,
      headers: headersOf(options),
      // An agent of its own: no proxy of the environment, no connection or session from before.
      agent: new Agent({ keepAlive: false, maxCachedSessions: 0 }),
      lookup: checkedLookup(url, isAllowed, options.lookup ?? systemLookup),
      maxHeaderSize: 16 * 1024,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      signal,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    })
    sent.once('response', resolve)
    sent.on('error', reject)
    sent.end()
  })
}

function headersOf({ accept, etag }: GuardedFetchOptions): Record<string, string> {
  return {
    accept: accept?.join(', ') ?? '*/*',
    'accept-encoding': 'gzip',
    'user-agent': 'delegraph',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
  }
}

function allowedAddresses({ allowAddresses = [] }: GuardedFetchOptions) {
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
  lookup: NonNullable<GuardedFetchOptions['lookup']>,
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

async function answerOf(
  response: IncomingMessage,
  url: URL,
  options: GuardedFetchOptions,
): Promise<GuardedAnswer> {
  try {
    const status = statusOf(response, url, options)
    const { etag, 'cache-control': cacheControl } = response.headers
    const contentType = mediaTypeOf(response)
    const body = status === 304 ? Buffer.alloc(0) : await bodyOf(response, url, options)
    const maxAge = cacheAge(cacheControl)
    return {
      status,
      contentType,
      body,
      ...(etag === undefined ? {} : { etag }),
      ...(maxAge === undefined ? {} : { maxAge }),
    }
  } finally {
    response.destroy()
  }
}

function statusOf(
  { statusCode = 0 }: IncomingMessage,
  url: URL,
  { etag }: GuardedFetchOptions,
): 200 | 304 {
  if (statusCode === 200) return 200
  if (statusCode === 304 && etag !== undefined) return 304
  if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
    throw refusal(url, 'redirect_refused', 'sends to another address, which is not followed')
  }
  throw refusal(url, 'status_refused', `answered ${statusCode}`)
}

function mediaTypeOf(response: IncomingMessage): string {
  const [type = ''] = (response.headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase()
}

async function bodyOf(
  response: IncomingMessage,
  url: URL,
  { accept, maxBytes }: GuardedFetchOptions,
): Promise<Buffer> {
  if (accept !== undefined && !accept.includes(mediaTypeOf(response))) {
    throw refusal(url, 'content_refused', `did not answer with ${accept.join(' or ')}`)
  }
  const tooLarge = () => refusal(url, 'too_large', `answered with more than ${maxBytes} bytes`)
  const coding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (coding !== 'identity' && coding !== 'gzip') {
    throw refusal(url, 'content_refused', 'packed its answer in another way than gzip')
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  const packed = Buffer.concat(chunks, size)
  if (coding === 'identity') return packed
  try {
    return await gunzip(packed, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw refusal(url, 'content_refused', 'sent gzip that cannot be unpacked')
  }
}

function notPublic(url: URL): GuardedFetchError {
  return refusal(url, 'address_refused', 'is not at a public address, nor at one that was named')
}

function refusal(url: URL, code: GuardedFetchErrorCode, says: string): GuardedFetchError {
  return new GuardedFetchError(code, `${url.host} ${says}`)
}

/** The system's code at most: a message may repeat what the host sent. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'the connection failed'
}
