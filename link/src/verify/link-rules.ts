import { LIMITS } from '../constants.ts'
import { approvalProblems } from '../constraints/approvals.ts'
import { budgetProblems } from '../constraints/budgets.ts'
import {
  joined,
  type NarrowingProblem,
  type NarrowingResult,
  NONE,
  narrowingResult,
  narrows,
} from '../constraints/narrows.ts'
import { type Fault, fault } from '../fault.ts'
import { isKeyInTime } from '../key-time.ts'
import { approvalsOf, budgetsOf, type ParsedLink, toolsOf } from '../link-claims.ts'
import type { Anchor, LinkClaims } from '../types.ts'
import type { ChainLink } from './chain-link.ts'

/**
 * Steps 6 to 8 of verification as pure rules over claims: issuing and verifying call the same ones.
 * None of them looks at the clock.
 */

/** What a rule found; narrowing says where. */
export interface RuleFault extends Fault {
  readonly problems?: readonly NarrowingProblem[]
}

/** What a derived link is held against. */
export type LinkParent = Pick<ChainLink, 'hash' | 'claims' | 'holder' | 'parent'>

/** The first rule that a root breaks against its anchor. */
export function rootFault(
  link: ParsedLink,
  anchor: Omit<Anchor, 'jwk' | 'kid'>,
): RuleFault | undefined {
  const { claims } = link
  if (claims.iss !== anchor.iss) return fault('issuer_mismatch')
  if (!isKeyInTime(anchor, claims.iat)) return fault('issuer_untrusted', 'key_out_of_time')
  if (claims.par_hash !== undefined || claims.del_depth !== 0) return fault('depth_invalid')
  if (claims.del_max_depth > Math.min(anchor.max_depth ?? LIMITS.depth, LIMITS.depth))
    return fault('depth_invalid', 'max_depth')
  return (
    lifetimeFault(claims, anchor.max_lifetime) ??
    link.toolsFault ??
    narrowingFault(anchorNarrowing(claims, anchor.tools))
  )
}

/** The first rule that a derived link breaks against its parent. */
export function derivedFault(link: ParsedLink, parent: LinkParent): RuleFault | undefined {
  const { claims } = link
  if (claims.iss !== parent.holder.uri) return fault('issuer_mismatch')
  if (claims.par_hash !== parent.hash) return fault('par_hash_mismatch')
  return (
    depthFault(claims, parent.claims) ??
    derivedTimeFault(claims, parent.claims) ??
    lifetimeFault(claims) ??
    subjectFault(claims, parent.claims) ??
    rootOnlyFault(claims) ??
    link.toolsFault ??
    narrowingFault(derivedNarrowing(claims, parent.claims)) ??
    replayFault(claims, parent)
  )
}

function depthFault(claims: LinkClaims, parent: LinkClaims): Fault | undefined {
  if (claims.del_depth !== parent.del_depth + 1) return fault('depth_invalid')
  if (claims.del_max_depth > parent.del_max_depth) return fault('depth_invalid', 'max_depth')
  if (claims.del_depth > parent.del_max_depth) return fault('depth_invalid', 'terminal')
  return claims.del_depth > claims.del_max_depth ? fault('depth_invalid', 'max_depth') : undefined
}

/** A child that outlives or predates its parent is widening in time. */
function derivedTimeFault(claims: LinkClaims, parent: LinkClaims): Fault | undefined {
  const inside = claims.exp <= parent.exp && claims.iat >= parent.iat
  return inside ? undefined : fault('expired', 'nonmonotonic')
}

function lifetimeFault(claims: LinkClaims, cap: number = LIMITS.lifetime): Fault | undefined {
  const lifetime = claims.exp - claims.iat
  if (lifetime <= 0) return fault('malformed', 'lifetime')
  return lifetime > Math.min(cap, LIMITS.lifetime) ? fault('lifetime_exceeded') : undefined
}

function subjectFault(claims: LinkClaims, parent: LinkClaims): Fault | undefined {
  if (claims.sub !== parent.sub) return fault('principal_altered')
  if (claims.txn !== parent.txn) return fault('task_altered')
  if (parent.may_act === undefined) return undefined
  const allowed = [parent.may_act.sub].flat()
  return allowed.includes(claims.act.sub) ? undefined : fault('delegate_not_permitted')
}

/** These say where a root comes from; on a derived link nobody would check them. */
function rootOnlyFault(claims: LinkClaims): Fault | undefined {
  if (claims.status !== undefined) return fault('malformed', 'status')
  if (claims.ath !== undefined) return fault('malformed', 'ath')
  return claims.tth === undefined ? undefined : fault('malformed', 'tth')
}

function replayFault(claims: LinkClaims, parent: LinkParent): Fault | undefined {
  for (let above: LinkParent | undefined = parent; above !== undefined; above = above.parent)
    if (above.claims.jti === claims.jti) return fault('replayed')
  return undefined
}

function narrowingFault(result: NarrowingResult): RuleFault | undefined {
  if (result.ok) return undefined
  return { code: 'not_narrower', detail: result.detail, problems: result.problems }
}

/** Tools and arguments, the mirror in `scope`, the approvals asked for, and bounds on sums. */
function derivedNarrowing(claims: LinkClaims, parent: LinkClaims): NarrowingResult {
  const kept = toolsOf(claims)
  const tools = narrows(toolsOf(parent), kept)
  let problems = tools.ok ? NONE : tools.problems
  problems = joined(problems, scopeProblems(claims.scope, parent.scope))
  problems = joined(problems, approvalProblems(approvalsOf(parent), approvalsOf(claims), kept))
  problems = joined(problems, budgetProblems(budgetsOf(parent), budgetsOf(claims), kept))
  return narrowingResult(problems)
}

/** An absent `scope` is the empty set: it is never inherited. */
function scopeProblems(
  child: string | undefined,
  parent: string | undefined,
): readonly NarrowingProblem[] {
  if (child === undefined) return NONE
  const granted = parent?.split(' ') ?? []
  const inside = child.split(' ').every((token) => granted.includes(token))
  return inside ? NONE : [{ detail: 'widened', reason: 'scope_not_granted' }]
}

/** Local policy of the verifier: which tools an anchor may grant at all. */
function anchorNarrowing(
  claims: LinkClaims,
  allowed: readonly string[] | undefined,
): NarrowingResult {
  if (allowed === undefined) return { ok: true }
  return narrowingResult(
    Object.keys(toolsOf(claims))
      .filter((tool) => !allowed.some((pattern) => matches(pattern, tool)))
      .map((tool) => ({ tool, detail: 'widened', reason: 'anchor_limit' })),
  )
}

/** `https://erp.example.com/mcp#*` stands for every tool of exactly that resource. */
function matches(pattern: string, tool: string): boolean {
  if (!pattern.endsWith('#*')) return pattern === tool
  return tool.startsWith(pattern.slice(0, -1))
}
