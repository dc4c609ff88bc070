import { OK, type Outcome, outcomeOf, type Verdict } from '@delegraph/graph-schema'
import { type ChainLink, EVALUATION_LIMITS, type PolicyEvaluation, toolsOf } from '@delegraph/link'
import {
  loadPolicy,
  POLICY_PARTS,
  type PolicyAnswer,
  type PolicyApproval,
  PolicyError,
  type PolicyFacts,
  type PolicySource,
  shownApproval,
} from '@delegraph/link/policy'
import { SdkError } from '../errors.ts'
import type { PresentedApproval } from './parts.ts'

/** A policy on top of the chain: it can refuse what the chain allows, and never the other way round. */
export interface GuardPolicy {
  /** Policies in Cedar: one text, in which `@id("...")` names them, or each by its name. */
  readonly source: PolicySource
  /** `enforce` where absent. `observe`: what it would have said is recorded, and nothing is refused for it. */
  readonly mode?: 'observe' | 'enforce'
  /** What `context.env.name` is to the policies; `''` where absent. */
  readonly env?: string
}

/** What the policy said of one call. */
export interface PolicyResult extends PolicyAnswer {
  readonly mode: 'observe' | 'enforce'
  /** Digest of the policy set. */
  readonly hash: string
  readonly engine: string
  /** Microseconds. */
  readonly latency: number
}

/** What a policy is asked about, once the signatures of the path hold. */
export interface PolicyCase {
  readonly links: readonly ChainLink[]
  readonly tool: string
  readonly audience: string
  /** NumericDate. */
  readonly at: number
  readonly verdict: Verdict
  /** Those that count for this very call; undefined where one is still to be given, and what hangs on it unknown. */
  readonly counting: readonly PresentedApproval[] | undefined
}

/** @throws SdkError `invalid_config` where the policy cannot be used, or its engine is not installed */
export function createPolicyDesk(
  policy: GuardPolicy,
): (about: PolicyCase) => PolicyResult | undefined {
  const { mode = 'enforce', env = '' } = policy
  const set = load(policy.source)
  return (about) => {
    const facts = factsOf(about, env)
    if (facts === undefined) return undefined
    const start = performance.now()
    const answer = set.ask(facts)
    const latency = Math.max(0, Math.round((performance.now() - start) * 1000))
    return { ...answer, mode, hash: set.hash, engine: set.engine, latency }
  }
}

function load(source: PolicySource) {
  try {
    return loadPolicy(source)
  } catch (cause) {
    if (cause instanceof PolicyError) throw new SdkError('invalid_config', cause.message, { cause })
    throw cause
  }
}

function factsOf(about: PolicyCase, env: string): PolicyFacts | undefined {
  const { links, tool, audience, at, verdict } = about
  const [root] = links
  const leaf = links.at(-1)
  if (root === undefined || leaf === undefined) return undefined
  const { claims } = leaf
  const agent = claims.act.sub
  const asked = about.counting === undefined ? POLICY_PARTS.filter(isNotApproval) : POLICY_PARTS
  const shown =
    about.counting === undefined
      ? {}
      : { approval: shownApproval(approvalsIn(about.counting, links), { agent, tool }) }
  return {
    ...{ tool, agent, service: audience, user: claims.sub, at, env, ...shown },
    linkExpires: claims.exp,
    chain: {
      verdict: Object.fromEntries(asked.map((part) => [part, verdict[part].state])),
      depth: links.length - 1,
      scopes: Object.keys(toolsOf(claims)).sort(),
      rootUid: root.hash,
      ageSeconds: Math.max(0, at - root.claims.iat),
      agents: links.map((link) => link.claims.act.sub),
    },
  }
}

function isNotApproval(part: (typeof POLICY_PARTS)[number]): boolean {
  return part !== 'approval'
}

/** Each with whose yes it is. */
function approvalsIn(
  approvals: readonly PresentedApproval[],
  links: readonly ChainLink[],
): readonly PolicyApproval[] {
  return approvals.map(({ digest: id, approver, tool, uses, expiresAt: expires, ...approval }) => {
    const holder = links.find(({ hash }) => hash === approval.link)?.claims.act.sub
    const subject = approval.subject ?? holder
    return { id, approver, tool, uses, expires, ...(subject === undefined ? {} : { subject }) }
  })
}

/**
 * The decision part of a verdict. An enforced no is a no, whoever else was asked; a yes stands where no decision point
 * was to be asked, and never in its place.
 */
export function withPolicy(
  decided: Outcome,
  policy: PolicyResult | undefined,
  pointIsAsked: boolean,
): Outcome {
  if (policy?.mode !== 'enforce' || policy.decision === 'unknown') return decided
  if (policy.decision === 'deny')
    return outcomeOf('decision_denied', policy.errors.length > 0 ? 'policy_error' : 'policy')
  return pointIsAsked ? decided : OK
}

/** What a signed decision says of it. */
export function evaluationOf(policy: PolicyResult): PolicyEvaluation {
  const { mode, decision, policies, errors, latency, engine } = policy
  const most = EVALUATION_LIMITS
  return {
    ...{ mode, engine, latency_us: latency },
    decision: decision === 'allow',
    policies: policies.slice(0, most.policies),
    ...(errors.length === 0 ? {} : { errors: errors.slice(0, most.errors) }),
  }
}
