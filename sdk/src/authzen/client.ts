import { randomUUID } from 'node:crypto'
import { boundedText } from '../carriage/bounded-text.ts'
import { membersOf } from '../carriage/presentation.ts'
import { SdkError } from '../errors.ts'
import type { Decision, EvaluationRequest, EvaluationsRequest } from './model.ts'
import { EVALUATION, EVALUATIONS, isLoopback, REQUEST_ID } from './wire.ts'

/** Where a decision point is, from configuration and never from what a caller sent. */
export interface AuthzenPoint {
  /** Its base URL, to which the paths of AuthZEN are added; https, or http on loopback. */
  readonly url: string
  /** Where it has another address for single evaluations than its base URL and the default path. */
  readonly evaluationEndpoint?: string
  readonly evaluationsEndpoint?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds for one request; 2,000 where absent. */
  readonly timeout?: number
}

export interface AuthzenClient {
  /** Asks once. Rejects with `AuthzenFailure` where there was no answer that can be used: then nothing is allowed. */
  evaluate(request: EvaluationRequest): Promise<Decision>
  /** Asks several. A semantic that ends early leaves the rest without an answer, which is no yes. */
  evaluations(request: EvaluationsRequest): Promise<readonly Decision[]>
}

/** There is no decision. It says no address, and nothing of what was sent or answered. */
export class AuthzenFailure extends Error {
  override readonly name = 'AuthzenFailure'

  /**
   * `request`: the decision point says that the question is wrong (400). `refused`: it does not take questions from
   * us (401, 403). `unavailable`: any other status, no connection, too late. `answer`: too long, or not of the form.
   */
  readonly code: 'request' | 'refused' | 'unavailable' | 'answer'

  constructor(code: AuthzenFailure['code']) {
    super(`the decision point gave no decision: ${code}`)
    this.code = code
  }
}

/** Asks a decision point of AuthZEN 1.0. @throws SdkError `invalid_config` */
export function authzenClient(point: AuthzenPoint): AuthzenClient {
  const base = point.url.replace(/\/+$/, '')
  const one = endpointOf(point.evaluationEndpoint ?? `${base}${EVALUATION}`)
  const many = endpointOf(point.evaluationsEndpoint ?? `${base}${EVALUATIONS}`)
  return {
    evaluate: async (request) => decisionOf(await ask(point, one, request)),
    evaluations: async (request) => {
      const answer = membersOf(await ask(point, many, request))
      const { evaluations } = answer
      // A single decision is what a request without a list gets, and no answer to one with a list.
      const asked = request.evaluations.length
      if (asked === 0) return [decisionOf(answer)]
      if (!Array.isArray(evaluations) || evaluations.length > asked)
        throw new AuthzenFailure('answer')
      return evaluations.map(decisionOf)
    },
  }
}

/** Bytes of an answer; what a decision point has to say beside yes or no is short. */
const MAX_ANSWER = 256 * 1024

async function ask({ headers, timeout = 2000 }: AuthzenPoint, url: string, request: unknown) {
  const id = randomUUID()
  const response = await fetch(url, {
    method: 'POST',
    // Whoever answers in its place was not configured.
    redirect: 'error',
    headers: { ...headers, 'content-type': 'application/json', [REQUEST_ID]: id },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(timeout),
  }).catch(() => undefined)
  if (response?.status !== 200) {
    await response?.body?.cancel().catch(() => {})
    throw new AuthzenFailure(FAILURES[response?.status ?? 0] ?? 'unavailable')
  }
  // Some echo nothing; what echoes another id answers another question.
  if ((response.headers.get(REQUEST_ID) ?? id) !== id) throw new AuthzenFailure('answer')
  const text = await boundedText(response.body, MAX_ANSWER).catch(() => {
    throw new AuthzenFailure('unavailable')
  })
  try {
    return JSON.parse(text ?? '') as unknown
  } catch {
    throw new AuthzenFailure('answer')
  }
}

const FAILURES: Readonly<Record<number, AuthzenFailure['code']>> = {
  400: 'request',
  401: 'refused',
  403: 'refused',
}

function decisionOf(value: unknown): Decision {
  const { decision, context } = membersOf(value)
  if (typeof decision !== 'boolean') throw new AuthzenFailure('answer')
  const isObject = typeof context === 'object' && context !== null && !Array.isArray(context)
  return { decision, ...(isObject ? { context: membersOf(context) } : {}) }
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === undefined || !isSafe || url.username !== '')
    throw new SdkError('invalid_config', 'a decision point must be at https, or http on loopback')
  return text
}
