import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  type Anchor,
  type ApprovalCase,
  approvalsOf,
  budgetsOf,
  type ChainLink,
  type JudgedApproval,
  judgeAudience,
  judgeCall,
  judgeCeilings,
  judgePop,
  type LinkMemo,
  type PopJudgement,
  type TrustedIssuer,
  toolsOf,
  verifyApproval,
  verifyChain,
} from '@delegraph/link'
import type { Call, Proposal } from '../act/proposal.ts'
import type { Presentation } from '../carriage/presentation.ts'
import type { Resolved } from '../carriage/resolve.ts'

/** The path presented: links whose signatures hold, all of them or none. */
export interface JudgedPath {
  readonly outcome: Outcome
  readonly links: readonly ChainLink[]
}

/** The chain part. Pure, like everything here; the guard brings time, trust and memory. */
export function judgePath(
  { chain, faults }: Presentation,
  resolved: Resolved,
  context: { readonly anchors: readonly Anchor[]; readonly at: number; readonly memo: LinkMemo },
): JudgedPath {
  const fault = faults.find(({ member }) => member === 'aat_chain' || member === 'aat_refs')
  if (fault !== undefined) return { outcome: outcomeOf(fault.code, fault.member), links: [] }
  if (chain.length === 0) return { outcome: NOT_APPLICABLE, links: [] }
  if ('missing' in resolved) return { outcome: resolved.missing, links: [] }
  const { outcome, links: verdicts } = verifyChain(resolved, context)
  const links = verdicts.flatMap(({ link }) => link ?? [])
  return { outcome, links: links.length === resolved.length ? links : [] }
}

/** The possession part, as far as this one request shows it. */
export function judgePossession(
  { pop, faults }: Presentation,
  leaf: ChainLink | undefined,
  call: Required<Call>,
  time: { readonly at: number; readonly window: number },
): PopJudgement {
  const malformed = faults.some(({ member }) => member === 'aat_pop')
  if (pop === undefined)
    return { outcome: outcomeOf('pop_missing', malformed ? 'malformed' : undefined) }
  if (leaf === undefined) return { outcome: outcomeOf('key_unavailable') }
  return judgePop(pop, { ...call, ...time, leaf })
}

/**
 * The action part: where the links may be used, what the last of them grants, and whether this call
 * alone is above a bound on sums. A guard sees only its own calls, so it adds nothing up.
 */
export function judgeAction(links: readonly ChainLink[], call: Required<Call>): Outcome {
  const leaf = links.at(-1)
  if (leaf === undefined) return NOT_APPLICABLE
  const audience = judgeAudience(links, call.audience)
  if (audience.outcome.state === 'failed') return audience.outcome
  const covered = judgeCall(toolsOf(leaf.claims), call)
  if (covered.state !== 'ok') return covered
  return judgeCeilings(
    links.map(({ claims }) => budgetsOf(claims)),
    call,
  )
}

/** The status part where nobody is asked: a list that is named and not read is never fine. */
export function statusUnasked(links: readonly ChainLink[]): Outcome {
  if (links.length === 0) return NOT_APPLICABLE
  return links.some(({ claims }) => claims.status !== undefined) ? outcomeOf('status_unknown') : OK
}

/** An approval as it was presented, with its text, what it is used up by, and how many calls it is for. */
export interface PresentedApproval extends JudgedApproval {
  readonly text: string
  /** Hash of the text. */
  readonly digest: string
  readonly useId: string
  readonly uses: number
}

/** One approval sent twice, in whatever spelling of its signature, is one. */
export function readApprovals(
  texts: readonly string[],
  approvers: readonly TrustedIssuer[],
): readonly PresentedApproval[] {
  const records = texts.map((text) => readApproval(text, approvers))
  const good = new Map(
    records.filter(({ outcome }) => outcome.state === 'ok').map((record) => [record.useId, record]),
  )
  return [...good.values(), ...records.filter(({ outcome }) => outcome.state !== 'ok')]
}

function readApproval(text: string, approvers: readonly TrustedIssuer[]): PresentedApproval {
  const { outcome, claims, digest } = verifyApproval(text, approvers)
  const base = { text, digest, outcome, cited: true }
  if (claims === undefined) return { ...base, ...UNREAD, useId: `approval ${digest}` }
  return {
    ...base,
    useId: `approval ${claims.iss} ${claims.jti}`,
    uses: claims.grants === undefined ? 1 : (claims.uses ?? 1),
    decision: claims.decision,
    approver: claims.sub,
    issuer: claims.iss,
    tool: claims.aat_tool,
    issuedAt: claims.iat,
    expiresAt: claims.exp,
    ...given('link', claims.aat_hash),
    ...given('actionHash', claims.action_hash),
    ...given('acr', claims.acr),
    ...given('subject', claims.act?.sub),
    ...given('grants', claims.grants),
    ...given('delegates', claims.delegates),
    ...given('task', claims.txn),
  }
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }
}

const UNREAD = {
  uses: 1,
  decision: 'deny',
  approver: '',
  issuer: '',
  tool: '',
  issuedAt: 0,
  expiresAt: 0,
} as const

/** What approvals of this call are compared with. */
export function approvalCase(
  links: readonly ChainLink[],
  action: Proposal | undefined,
  call: Required<Call>,
  at: number,
): ApprovalCase {
  const leaf = links.at(-1)
  const { tool } = call
  const wanted = links.flatMap(({ claims }) => {
    const asked = approvalsOf(claims)
    return asked !== undefined && Object.hasOwn(asked, tool) ? (asked[tool] ?? []) : []
  })
  return {
    call,
    actionHash: action?.hash,
    leaf,
    agent: leaf?.claims.act.sub,
    delegators: delegatorsOf(links, call),
    task: leaf?.claims.txn,
    wanted,
    at,
  }
}

/** Agents from whom links that cover the call lead down to the one that acts. */
function delegatorsOf(links: readonly ChainLink[], call: Call): readonly string[] {
  const from = links.findLastIndex(
    ({ claims }) =>
      judgeCall(toolsOf(claims), { tool: call.tool, args: call.args ?? {} }).state !== 'ok',
  )
  return links.slice(from + 1).map(({ parent, claims }) => parent?.claims.act.sub ?? claims.sub)
}
