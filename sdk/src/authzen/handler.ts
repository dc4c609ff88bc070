import { createHash, timingSafeEqual } from 'node:crypto'
import { boundedText } from '../carriage/bounded-text.ts'
import { SdkError } from '../errors.ts'
import { type Evaluating, evaluate } from './evaluate.ts'
import { evaluateAll } from './evaluations.ts'
import { BadRequest, readEvaluation } from './model.ts'
import { EVALUATION, EVALUATIONS, isLoopback, REQUEST_ID, WELL_KNOWN } from './wire.ts'

export interface AuthzenOptions extends Evaluating {
  /**
   * What the decision point is called outside: an https URL without query and fragment, in which a path is kept. With
   * it there is metadata.
   */
  readonly url?: string
  /** What enforcement points send as bearer token. Without it everybody who reaches the handler may ask. */
  readonly token?: string
}

export type AuthzenHandler = (request: Request) => Promise<Response>

/**
 * A decision point of AuthZEN 1.0 in front of a guard, for whatever serves Fetch requests. Never rejects. No answer
 * holds a token, an argument or anything else of the request but its `X-Request-ID`.
 *
 * @throws SdkError `invalid_config`
 */
export function createAuthzen(options: AuthzenOptions): AuthzenHandler {
  const { base, wellKnown, metadata } = placeOf(options.url)
  const isKnown = tokenCheck(options.token)
  const answerTo = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (metadata !== undefined && pathname === wellKnown)
      return request.method === 'GET' ? Response.json(metadata) : said(405, 'use GET')
    const isMany = pathname === `${base}${EVALUATIONS}`
    if (!isMany && pathname !== `${base}${EVALUATION}`) return said(404, 'nothing is here')
    if (request.method !== 'POST') return said(405, 'use POST')
    if (!isKnown(request.headers)) return said(401, 'a bearer token is needed', CHALLENGE)
    const body = await bodyOf(request)
    if (body === undefined)
      return said(413, `a request may have at most ${MAX_BODY} bytes of UTF-8`)
    const one = (asked: Parameters<typeof evaluate>[1]) => evaluate(options, asked, request.headers)
    return Response.json(isMany ? await evaluateAll(body, one) : await one(readEvaluation(body)))
  }
  return async (request) => {
    const response = await answerTo(request).catch((cause: unknown) =>
      cause instanceof BadRequest ? said(400, cause.message) : said(500, 'no answer'),
    )
    const id = request.headers.get(REQUEST_ID)
    if (id !== null) response.headers.set(REQUEST_ID, id)
    return response
  }
}

/** Bytes: a chain, a proof with the arguments of its call, and the arguments again, in several calls. */
const MAX_BODY = 4 * 1024 * 1024
const CHALLENGE = { 'www-authenticate': 'Bearer' }

async function bodyOf({ headers, body }: Request): Promise<unknown> {
  const [type] = (headers.get('content-type') ?? '').split(';', 1)
  if (type?.trim().toLowerCase() !== 'application/json')
    throw new BadRequest('the content type must be application/json')
  const text = await boundedText(body, MAX_BODY)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new BadRequest('the body is not JSON')
  }
}

function said(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  return new Response(message, { status, headers: { 'content-type': 'text/plain', ...headers } })
}

function placeOf(url: string | undefined) {
  if (url === undefined) return { base: '', wellKnown: WELL_KNOWN }
  const { protocol, hostname, pathname, search, hash, origin, username } = parsed(url)
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
  if (!isSafe || search !== '' || hash !== '' || username !== '')
    throw new SdkError('invalid_config', 'url must be https, without query and fragment')
  const base = pathname.replace(/\/+$/, '')
  const metadata = {
    policy_decision_point: url,
    access_evaluation_endpoint: `${origin}${base}${EVALUATION}`,
    access_evaluations_endpoint: `${origin}${base}${EVALUATIONS}`,
  }
  return { base, wellKnown: `${WELL_KNOWN}${base}`, metadata }
}

function parsed(url: string): URL {
  try {
    return new URL(url)
  } catch {
    throw new SdkError('invalid_config', 'url is no URL')
  }
}

function tokenCheck(token: string | undefined): (headers: Headers) => boolean {
  if (token === undefined) return () => true
  if (token.length < 16)
    throw new SdkError('invalid_config', 'token must have at least 16 characters')
  const wanted = digestOf(`Bearer ${token}`)
  return (headers) => timingSafeEqual(wanted, digestOf(headers.get('authorization') ?? ''))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
