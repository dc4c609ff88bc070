import type { Authority, AuthoritySource, GrantedTool, Hop } from '@delegraph/graph-schema'
import { outcomeOf } from '@delegraph/graph-schema'
import { boundsOn, scopeDiff } from '@delegraph/link'
import type { JudgedAction } from './action.ts'
import { type ApprovalRecord, fits } from './approval.ts'
import {
  type AuthorityContext,
  budgetsOn,
  carries,
  covers,
  heldPaths,
  isAccountable,
  isRooted,
  isTooDeep,
} from './auth.ts'
import type { Call } from './call.ts'
import { holds, mayRestOn } from './holds.ts'
import { isForeign, type Path, type PathLink } from './path.ts'
import { purposeOf, serves } from './purpose.ts'
import type { Registry } from './registry.ts'
import { timeOutcome } from './window.ts'
import { limits, toolName, what, who } from './words.ts'

/**
 * Why the action was allowed, or where that breaks: the clauses N and T of the definition. Paths are
 * taken one by one; two paths are never added together.
 */
export function judgeAuthority(action: JudgedAction, context: AuthorityContext): Authority {
  const { call, agent, at, task, purpose } = action
  const hops = hopsOf(action.path, call)
  const uncovered = hops.findIndex((hop) => hop.covers !== true)
  const base = { hops, ...(uncovered === -1 ? {} : { uncoveredHop: uncovered }) }
  const does = what(call)

  if (context.registry.isPublic(call)) {
    return { ...base, kind: 'public', sentence: `anybody may do ${does}` }
  }
  if (pathHolds(action, context.registry) && isRooted(action.path, context.registry)) {
    return { ...base, kind: 'chain', sentence: chainSentence(action.path, does) }
  }
  // What a budget still holds is known for the path that is cited, and for no other.
  const isUnbounded = (path: Path) => boundsOn(budgetsOn(path), call.tool).length === 0
  const carrying = heldPaths(agent, task, context).find(
    (path) => isUnbounded(path) && carries(path, call, action, context) === true,
  )
  if (carrying !== undefined && !action.approvalNeeded) {
    const other = carrying.links.at(-1)?.hash !== action.link
    return {
      ...base,
      kind: 'chain',
      sentence: `${chainSentence(carrying, does)}${other ? '; the action cites another link of the same task' : ''}`,
    }
  }
  const approval = ownApproval(action, context.registry)
  if (approval !== undefined) {
    return {
      ...base,
      kind: 'approved',
      sentence: `${who(approval.approver)} approved this very ${does} for ${who(agent)}`,
    }
  }
  if (context.registry.standing(agent, call, at, task, purpose)) {
    return {
      ...base,
      kind: 'standing',
      sentence: `${who(agent)} may do ${does} by its own standing permission`,
    }
  }
  const withheld = heldPaths(agent, task, context).some(
    (path) => carries(path, call, action, context) === 'unknown',
  )
  if (withheld) {
    const sentence = `not enough is known to say: ${who(agent)} holds a link whose limits cannot be compared`
    return { ...base, kind: 'unknown', sentence }
  }
  if (isOpen(action)) {
    return { ...base, kind: 'unknown', sentence: openSentence(action) }
  }
  const source = sourceOf(action)
  const drifted = serves(action.path, purpose, context.registry)
    ? undefined
    : `what ${who(agent)} cites is for ${purposeOf(action.path)}, and ${does} was for something else`
  return {
    ...base,
    kind: 'none',
    sentence: drifted ?? missingSentence(action, hops, uncovered, does),
    ...(source === undefined ? {} : { source }),
  }
}

function pathHolds(action: JudgedAction, registry: Registry): boolean {
  const { chain, status, action: fit, approval } = action.verdict
  const approved =
    approval.state === 'ok' || approval.state === 'not_applicable' || !action.approvalNeeded
  if (action.path.links.at(-1)?.delegate !== action.agent) return false
  if (!serves(action.path, action.purpose, registry)) return false
  return holds(chain) && status.state === 'ok' && fit.state === 'ok' && approved
}

/**
 * A fresh approval of this call: for the link that the actor itself holds, or of a class of calls that
 * names the actor and rests on no link.
 */
export function ownApproval(action: JudgedAction, registry: Registry): ApprovalRecord | undefined {
  const { call, facts, path, at, agent, moment, verdict } = action
  const linked = holds(verdict.chain) && verdict.status.state === 'ok'
  const context = {
    ...{ call, facts, path, at, agent, moment },
    claims: action.receipt.claims,
    leaf: path.links.at(-1),
    task: action.task,
    session: action.session,
    lapsed: !linked || timeOutcome(path, at).state !== 'ok' || isTooDeep(path, registry),
  }
  return action.approvals.find(
    (record) =>
      (linked || record.grants !== undefined) &&
      mayRestOn(fits(record, context), action) &&
      isAccountable(record.approver, registry),
  )
}

function isOpen(action: JudgedAction): boolean {
  // That a token of another kind grants nothing here is known: nothing that comes later changes it.
  if (isForeign(action.path.links.at(-1))) return false
  const { chain, status, action: fit } = action.verdict
  return [chain, status, fit].some((outcome) => outcome.state === 'unknown' && !holds(outcome))
}

function openSentence(action: JudgedAction): string {
  const { chain, status, action: fit } = action.verdict
  const open = [chain, status, fit].filter((outcome) => !holds(outcome))
  const outcome = open.find(({ state }) => state === 'unknown') ?? fit
  const code = 'code' in outcome ? outcome.code : 'chain_incomplete'
  return `not enough is known to say: ${code}`
}

/** What acceptance rested on, where it belongs to another agent: clause S. */
export function sourceOf(action: JudgedAction): AuthoritySource | undefined {
  const borrowed = action.approvals.find(
    (record) =>
      record.cited &&
      holds(record.outcome) &&
      record.decision === 'approve' &&
      record.subject !== undefined &&
      record.subject !== action.agent,
  )
  if (borrowed?.subject === undefined) return undefined
  return {
    kind: 'approval',
    id: borrowed.hash,
    holder: borrowed.subject,
    giver: borrowed.approver,
    signature: borrowed.outcome.state === 'ok' ? 'valid' : 'missing',
  }
}

/** The path as people read it, hop by hop, with what each one grants of the call. */
export function hopsOf(path: Path, call: Call): Hop[] {
  return path.links.map((link, i) => {
    const above = path.links[i - 1]
    const answer = covers(link, call)
    return {
      depth: link.depth,
      link: link.hash,
      profile: link.profile,
      grade: link.grade,
      delegator: link.delegator,
      delegate: link.delegate,
      granted: grantedTools(above, link),
      signature: link.signature,
      outcome: link.arrived ? link.outcome : outcomeOf('chain_incomplete'),
      covers: answer,
      ...(link.issuedAt === undefined ? {} : { issuedAt: link.issuedAt }),
      ...(link.expiresAt === undefined ? {} : { expiresAt: link.expiresAt }),
    }
  })
}

function grantedTools(above: PathLink | undefined, link: PathLink): GrantedTool[] {
  const changes = above === undefined ? undefined : scopeDiff(above.tools, link.tools)
  return Object.entries(link.tools).map(([tool, map]) => {
    const change = changes?.find((entry) => entry.tool === tool)?.change
    return {
      tool,
      limits: limits(map),
      ...(change === undefined || change === 'dropped' ? {} : { change }),
    }
  })
}

function chainSentence(path: Path, does: string): string {
  const [root, ...below] = path.links
  if (root === undefined) return `nothing is known of who granted ${does}`
  const first = `${who(root.delegator)} granted ${does} to ${who(root.delegate)}`
  const then = below.map((link) => `${who(link.delegator)} passed it on to ${who(link.delegate)}`)
  return [first, ...then].join(', ')
}

function missingSentence(
  action: JudgedAction,
  hops: readonly Hop[],
  uncovered: number,
  does: string,
): string {
  const agent = who(action.agent)
  const hop = hops[uncovered]
  if (hops.length === 0) return `${agent} cites no link, and nothing else grants it ${does}`
  const leaf = action.path.links.at(-1)
  if (leaf !== undefined && isForeign(leaf)) {
    return `what ${agent} cites is of profile ${leaf.profile}, which grants nothing here`
  }
  const { chain, status, action: fit } = action.verdict
  if (chain.state === 'failed') return `the chain that ${agent} cites does not hold: ${chain.code}`
  if (status.state === 'failed') return `what ${agent} cites was withdrawn: ${status.code}`
  if (hop !== undefined) {
    return `${who(hop.delegator)} gave ${who(hop.delegate)} a link that does not cover ${does}`
  }
  if (fit.state === 'failed')
    return `${agent} went beyond what its chain holds for ${does}: ${fit.code}`
  return `${agent} lacks the approval that its link asks for before ${toolName(action.tool)}`
}
