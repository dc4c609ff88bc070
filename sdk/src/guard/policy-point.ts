import { textDigest } from '@delegraph/link'
import type { PolicyAnswer, PolicyFacts } from '@delegraph/link/policy'
import { AuthzenFailure, type AuthzenPoint, authzenClient } from '../authzen/client.ts'
import type { EvaluationRequest } from '../authzen/model.ts'
import { evaluationFor } from '../authzen/request.ts'
import { requestOf } from './decision-request.ts'
import { factsOf } from './policy-facts.ts'
import type { PolicyCase, PolicyDesk } from './policy-result.ts'

/** A decision point of AuthZEN 1.0, asked as the policy. What is no yes is a no, whatever went wrong. */
export interface PointPolicy {
  readonly point: AuthzenPoint & {
    /**
     * Sends the chain, the proof, the approvals and the arguments too, for a decision point that judges them itself,
     * as `createAuthzen` does. Where absent it sees what a policy in Cedar sees, and the arguments by their hash.
     */
    readonly evidence?: boolean
  }
  /** `enforce` where absent. `observe`: what it said is recorded, and nothing is refused for it. */
  readonly mode?: 'observe' | 'enforce'
  /** What it is told of the place that the service runs in; `''` where absent. */
  readonly env?: string
}

/** @throws SdkError `invalid_config` for an address that is none */
export function pointDesk({ point, mode = 'enforce', env = '' }: PointPolicy): PolicyDesk {
  const client = authzenClient(point)
  const { host } = new URL(point.url)
  const set = { mode, hash: textDigest(point.url), engine: 'authzen/1.0' } as const
  return async (about) => {
    // Its answer could not help, so that strangers cannot make a guard ask.
    if (!about.proved) return undefined
    const facts = factsOf(about, env)
    const request = facts === undefined ? undefined : questionOf(about, facts)
    if (request === undefined) return undefined
    // It answers yes or no only, and what is still to be given may be what it wants.
    if (about.counting === undefined) return { ...EMPTY, ...PENDING, ...set, latency: 0 }
    const start = performance.now()
    const asked = point.evidence === true ? withEvidence(request, about) : request
    const answer = await client.evaluate(asked).then(
      ({ decision }) => answered(decision, host),
      (cause: unknown) => failed(cause),
    )
    const latency = Math.max(0, Math.round((performance.now() - start) * 1000))
    return { ...answer, ...set, latency }
  }
}

const EMPTY = { policies: [], errors: [], residuals: [], missing: [] } as const
const PENDING = { decision: 'unknown', missing: ['context.approval'] } as const

function answered(decision: boolean, host: string): PolicyAnswer {
  // What decided is the decision point; names that it gives for its policies are its own.
  return { ...EMPTY, decision: decision ? 'allow' : 'deny', policies: [host.slice(0, 128)] }
}

function failed(cause: unknown): PolicyAnswer {
  const isRequest = cause instanceof AuthzenFailure && cause.code === 'request'
  return { ...EMPTY, decision: 'deny', errors: [{ code: isRequest ? 'request' : 'engine' }] }
}

/** The request that a signed decision is about, and beside it what policies see. */
function questionOf(about: PolicyCase, facts: PolicyFacts): EvaluationRequest | undefined {
  const { links, action } = about
  const leaf = links.at(-1)
  if (leaf === undefined || action === undefined) return undefined
  const request = requestOf({ claims: leaf.claims, hash: leaf.hash }, action)
  const { chain, approval, linkExpires, at, env } = facts
  return {
    ...request,
    context: {
      ...request.context,
      chain,
      ...(approval === undefined || approval === null ? {} : { approval }),
      link: { status: chain.verdict.status, expires: linkExpires },
      env: { at, name: env },
    },
  }
}

function withEvidence(
  request: EvaluationRequest,
  { call, presentation }: PolicyCase,
): EvaluationRequest {
  const whole = evaluationFor(call, presentation)
  return { ...request, ...whole, context: { ...request.context, ...whole.context } }
}
