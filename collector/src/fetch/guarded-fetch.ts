import type { IncomingMessage } from 'node:http'
import { bodyOf, mediaTypeOf } from './body.ts'
import { cacheAge } from './cache-age.ts'
import { exchange, type Guard } from './connection.ts'
import { refusal } from './errors.ts'

export interface GuardedFetchOptions extends Guard {
  /** Media types that are wanted; an answer of another one is refused. Any where absent. */
  readonly accept?: readonly string[]
  /** The `etag` of an earlier answer: the same again comes back as 304 without a body. */
  readonly etag?: string
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

/**
 * GETs a document that the configuration points to, and cannot be led anywhere else: https only, a
 * named host only, no redirect, no address that is not public, sizes and time bounded, no
 * credentials, cookies or proxy.
 *
 * @throws GuardedFetchError naming the host and the reason, never the body
 */
export function guardedFetch(
  address: string,
  options: GuardedFetchOptions,
): Promise<GuardedAnswer> {
  const { accept, etag } = options
  const headers = {
    accept: accept?.join(', ') ?? '*/*',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
  }
  return exchange(address, { method: 'GET', headers }, options, (response, url) =>
    answerOf(response, url, options),
  )
}

async function answerOf(
  response: IncomingMessage,
  url: URL,
  options: GuardedFetchOptions,
): Promise<GuardedAnswer> {
  const status = statusOf(response, url, options)
  const { accept, maxBytes } = options
  const { etag, 'cache-control': cacheControl } = response.headers
  const contentType = mediaTypeOf(response)
  if (status === 200 && accept !== undefined && !accept.includes(contentType)) {
    throw refusal(url, 'content_refused', `did not answer with ${accept.join(' or ')}`)
  }
  const body = status === 304 ? Buffer.alloc(0) : await bodyOf(response, url, maxBytes)
  const maxAge = cacheAge(cacheControl)
  return {
    status,
    contentType,
    body,
    ...(etag === undefined ? {} : { etag }),
    ...(maxAge === undefined ? {} : { maxAge }),
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
