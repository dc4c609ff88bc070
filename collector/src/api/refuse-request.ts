import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Reason } from '../access/audit-entry.ts'

export interface Refusal {
  readonly status: 400 | 403 | 405 | 415
  readonly message: string
  readonly reason: Reason
}

/** A browser asks leave before it sends one of these across origins (CORS preflight). */
const PREFLIGHT_HEADERS = ['graphql-preflight', 'x-graphql-yoga-csrf', 'apollo-require-preflight']

/**
 * What is wrong with a request before its body is read. Where nobody is asked who they are, the API
 * listens on loopback, and the attacker to fear is a web page in a browser of this machine:
 * - a name that resolves to loopback (DNS rebinding) is stopped by the `Host` that it comes with; with
 *   a login it gains nothing, and a proxy in front may use any name: what browsers then call it is
 *   configured (`publicUrl`), and no header says it;
 * - a form, an image or a script of another site is stopped by asking for what only scripts of the
 *   same site can send without a preflight: a JSON body, or for GET one more header.
 */
export function refuseRequest(
  request: IncomingMessage,
  login = false,
  publicUrl?: string,
): Refusal | undefined {
  const { method, headers } = request
  if (!login && isForeignHost(request)) {
    return {
      status: 403,
      message: 'the Host header must name a loopback address',
      reason: 'foreign_host',
    }
  }
  const { origin, host } = headers
  if (origin !== undefined && !isSameOrigin(origin, host) && !isOriginOf(origin, publicUrl)) {
    return {
      status: 403,
      message: 'requests of another origin are not answered',
      reason: 'foreign_origin',
    }
  }
  if (method === 'POST') {
    const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/json') {
      return { status: 415, message: 'the body must be application/json', reason: 'media_type' }
    }
    const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity'
    if (encoding === 'identity') return undefined
    return {
      status: 415,
      message: 'the body must come without a Content-Encoding',
      reason: 'encoding',
    }
  }
  if (method !== 'GET')
    return { status: 405, message: 'only GET and POST are answered', reason: 'method' }
  if (PREFLIGHT_HEADERS.some((name) => headers[name] !== undefined)) return undefined
  return {
    status: 400,
    message: 'a query by GET needs the header graphql-preflight: 1',
    reason: 'no_preflight',
  }
}

/** Whether a request came to a loopback address under its name. */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  return isLoopback(socket.localAddress) && isLoopbackHost(headers.host)
}

/** Whether a request reached a loopback address under a name that is none. */
export function isForeignHost({ socket, headers }: IncomingMessage): boolean {
  return isLoopback(socket.localAddress) && !isLoopbackHost(headers.host)
}

/** Whether a request names this machine, so that a page of a foreign name cannot ask for it. */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return false
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return name === 'localhost' || isLoopback(name.replace(/^\[|\]$/g, ''))
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.replace(/^::ffff:/, '')
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
}

function isOriginOf(origin: string, url: string | undefined): boolean {
  return url !== undefined && new URL(url).origin === origin
}
