import type { Authority, AuthoritySource, GrantedTool, Hop, Outcome } from '@delegraph/graph-schema'
import { outcomeOf } from '@delegraph/graph-schema'
import { permits, scopeDiff } from '@delegraph/link'
import type { JudgedAction } from './action.ts'
import { type ApprovalRecord, fits } from './approval.ts'
import type { Call } from './call.ts'
import { isForeign, type Path, type PathLink, pathTo } from './path.ts'
import type { Registry } from './registry.ts'
import { judgeStatus, type RevocationRecord, type StatusLists } from './status.ts'
import { structureOutcome, timeOutcome } from './window.ts'
import { limits, toolName, what, who } from './words.ts'

/** What the question "who could do this" is asked of. */
export interface AuthorityContext {
  readonly links: ReadonlyMap<string, PathLink>
  /** Hashes of the links that an agent holds in the task, by agent. */
  readonly held: ReadonlyMap<string, readonly string[]>
  readonly revocations: readonly RevocationRecord[]
  readonly statusLists: StatusLists
  readonly registry: Registry
}

/**
 * Why the action was allowed, or where that breaks: the clauses N and T of the definition. Paths are
 * taken one by one; two paths are never added together.
 */
export function judgeAuthority(action: JudgedAction, context: AuthorityContext): Authority {
  const { call, agent, at, task } = action
  const hops = hopsOf(action.path, call)
  const uncovered = hops.findIndex((hop) => hop.covers !== true)
  const base = { hops, ...(uncovered === -1 ? {} : { uncoveredHop: uncovered }) }
  const does = what(call)

  if (context.registry.isPublic(call)) {
    return { ...base, kind: 'public', sentence: `anybody may do ${does}` }
  }
  if (pathHolds(action)) {
    return { ...base, kind: 'chain', sentence: chainSentence(action.path, does) }
  }
  const other = coveringPath(agent, call, at, task, context)
  if (other !== undefined && !action.approvalNeeded) {
    return {
      ...base,
      kind: 'chain',
      sentence: `${chainSentence(other, does)}; the action cites another link of the same task`,
    }
  }
  if (ownApproval(action, context.registry) !== undefined) {
    const approval = ownApproval(action, context.registry)
    return {
      ...base,
      kind: 'approved',
      sentence: `${who(approval?.approver ?? '')} approved this very ${does} for ${who(agent)}`,
    }
  }
  if (context.registry.standing(agent, call, at, task)) {
    return {
      ...base,
      kind: 'standing',
      sentence: `${who(agent)} may do ${does} by its own standing permission`,
    }
  }
  if (isOpen(action)) {
    return { ...base, kind: 'unknown', sentence: openSentence(action) }
  }
  const source = sourceOf(action)
  return {
    ...base,
    kind: 'none',
    sentence: missingSentence(action, hops, uncovered, does),
    ...(source === undefined ? {} : { source }),
  }
}

/** Whether an agent had a valid path, a standing permission or a public one for a call. */
export function couldAlone(
  agent: string,
  call: Call,
  at: number,
  task: string | undefined,
  context: AuthorityContext,
): boolean {
  return (
    context.registry.isPublic(call) ||
    context.registry.standing(agent, call, at, task) ||
    coveringPath(agent, call, at, task, context) !== undefined
  )
}

/** The first of an agent's paths in the task that covers a call, in order of the leaf's hash. */
function coveringPath(
  agent: string,
  call: Call,
  at: number,
  task: string | undefined,
  context: AuthorityContext,
): Path | undefined {
  const held = [...(context.held.get(agent) ?? [])].sort()
  return held
    .map((hash) => pathTo(hash, context.links))
    .find(
      (path) =>
        path.complete &&
        path.links.at(-1)?.task === task &&
        structureOutcome(path).state === 'ok' &&
        timeOutcome(path, at).state === 'ok' &&
        statusOf(path, at, context).state === 'ok' &&
        path.links.every((link) => covers(link, call) === true),
    )
}

function statusOf(path: Path, at: number, { revocations, statusLists }: AuthorityContext): Outcome {
  return judgeStatus(path, { at, heardAt: at }, revocations, statusLists)
}

function pathHolds(action: JudgedAction): boolean {
  const { chain, status, action: fit, approval } = action.verdict
  const approved =
    approval.state === 'ok' || approval.state === 'not_applicable' || !action.approvalNeeded
  return chain.state === 'ok' && status.state === 'ok' && fit.state === 'ok' && approved
}

/** A fresh approval of this call for the link that the actor itself holds. */
function ownApproval(action: JudgedAction, registry: Registry): ApprovalRecord | undefined {
  if (action.verdict.chain.state !== 'ok' || action.verdict.status.state !== 'ok') return undefined
  const { call, facts, path, at } = action
  const context = { call, facts, claims: action.receipt.claims, leaf: path.links.at(-1), path, at }
  return action.approvals.find(
    (record) => fits(record, context).state === 'ok' && mayApprove(record.approver, registry),
  )
}

/** Somebody the registry does not know, or no longer, answers for nothing. */
function mayApprove(approver: string, registry: Registry): boolean {
  return registry.version === '' || registry.principal(approver)?.disabled === false
}

function isOpen(action: JudgedAction): boolean {
  // That a token of another kind grants nothing here is known: nothing that comes later changes it.
  if (isForeign(action.path.links.at(-1))) return false
  const { chain, status, action: fit } = action.verdict
  return [chain, status, fit].some(({ state }) => state === 'unknown')
}

function openSentence(action: JudgedAction): string {
  const { chain, status, action: fit } = action.verdict
  const outcome = [chain, status, fit].find(({ state }) => state === 'unknown') ?? fit
  const code = 'code' in outcome ? outcome.code : 'chain_incomplete'
  return `not enough is known to say: ${code}`
}

/** What acceptance rested on, where it belongs to another agent: clause S. */
export function sourceOf(action: JudgedAction): AuthoritySource | undefined {
  const borrowed = action.approvals.find(
    (record) =>
      record.cited &&
      record.outcome.state === 'ok' &&
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
    signature: 'valid',
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

function covers(link: PathLink, call: Call): boolean | 'unknown' {
  const answer = permits(link.tools, call)
  return 'unknown' in answer ? 'unknown' : answer.covered
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
  const { chain, status } = action.verdict
  if (chain.state === 'failed') return `the chain that ${agent} cites does not hold: ${chain.code}`
  if (status.state === 'failed') return `what ${agent} cites was withdrawn: ${status.code}`
  if (hop !== undefined) {
    return `${who(hop.delegator)} gave ${who(hop.delegate)} a link that does not cover ${does}`
  }
  return `${agent} lacks the approval that its link asks for before ${toolName(action.tool)}`
}
