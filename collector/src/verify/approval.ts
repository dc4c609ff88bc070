import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  type ApprovalRequirement,
  type Json,
  MAX_IAT_SKEW,
  type ReceiptClaims,
} from '@delegraph/link'
import type { CallFacts } from '../evidence/types.ts'
import type { Call } from './call.ts'
import type { Path, PathLink } from './path.ts'

/** A signed yes (or no) to one call, with the outcome of its own verification. */
export interface ApprovalRecord {
  readonly hash: string
  /** Signature, shape and trust in the approver; time and fit are judged per action. */
  readonly outcome: Outcome
  readonly decision: 'approve' | 'deny'
  /** Who said it. */
  readonly approver: string
  readonly issuer: string
  /** The leaf link it is for. */
  readonly link?: string
  /** Holder of that link, where the link has arrived: whose yes it is. */
  readonly subject?: string
  readonly tool: string
  readonly audience?: string
  readonly actionHash?: string
  readonly args?: Readonly<Record<string, Json>>
  readonly token?: string
  /** How the approver proved who he is, RFC 9470. */
  readonly acr?: string
  /** NumericDate. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** The action cites it, in its receipt or on its span. */
  readonly cited: boolean
  /** Another action had consumed it before. */
  readonly spent?: boolean
}

export interface ApprovalContext {
  readonly call: Call
  readonly facts: CallFacts
  readonly claims: ReceiptClaims | undefined
  readonly leaf: PathLink | undefined
  readonly path: Path
  /** NumericDate. */
  readonly at: number
}

/**
 * The approval part of a verdict: what the path asks for, and whether what was presented answers it.
 * An approval that is presented without need is judged all the same, since acceptance may have
 * rested on it.
 */
export function judgeApprovals(
  records: readonly ApprovalRecord[],
  context: ApprovalContext,
): {
  readonly outcome: Outcome
  readonly records: readonly ApprovalRecord[]
  readonly flags: string[]
  /** The path asks for an approval before this tool. */
  readonly needed: boolean
} {
  const wanted = context.path.links.flatMap((link) => {
    const requirement = link.approvals[context.call.tool]
    return requirement === undefined ? [] : [requirement]
  })
  return {
    outcome: outcomeOfApprovals(records, wanted, context),
    records,
    flags: assertedFlags(context.facts),
    needed: wanted.some(({ min }) => min > 0),
  }
}

function outcomeOfApprovals(
  records: readonly ApprovalRecord[],
  wanted: readonly ApprovalRequirement[],
  context: ApprovalContext,
): Outcome {
  const presented = records.filter((record) => record.cited)
  const needed = Math.max(0, ...wanted.map((requirement) => requirement.min))
  if (presented.length === 0) return needed === 0 ? NOT_APPLICABLE : outcomeOf('approval_missing')
  if (isDenied(records, context)) return outcomeOf('approval_mismatch', 'denied')
  const outcomes = presented.map((record) => fits(record, context))
  const good = presented.filter(
    (record, i) =>
      outcomes[i]?.state === 'ok' &&
      wanted.every((requirement) => satisfies(record, requirement, context.at)),
  )
  if (good.length >= Math.max(1, needed)) return OK
  const failed = outcomes.find((outcome) => outcome.state !== 'ok')
  return failed ?? outcomeOf('approval_missing', 'requirement')
}

function satisfies(record: ApprovalRecord, wanted: ApprovalRequirement, at: number): boolean {
  return (
    wanted.approvers.includes(record.issuer) &&
    at - record.issuedAt <= wanted.max_age &&
    (wanted.acr === undefined || wanted.acr.some((acr) => acr === record.acr))
  )
}

/** A no to this very call stands for as long as it lasts, whoever else says yes. */
function isDenied(records: readonly ApprovalRecord[], context: ApprovalContext): boolean {
  const actionHash = context.claims?.action_hash ?? context.facts.actionHash
  return records.some(
    (record) =>
      record.decision === 'deny' &&
      record.outcome.state === 'ok' &&
      record.actionHash === actionHash &&
      record.issuedAt <= context.at &&
      context.at < record.expiresAt,
  )
}

/** Whether one approval is for this very call by this very link, at this time. */
export function fits(record: ApprovalRecord, context: ApprovalContext): Outcome {
  const actionHash = context.claims?.action_hash ?? context.facts.actionHash
  if (record.outcome.state !== 'ok') return record.outcome
  // An agent that approves its own call is the attack that approvals are there for.
  if (record.approver === context.leaf?.delegate) return outcomeOf('approver_untrusted', 'self')
  if (record.decision !== 'approve') return outcomeOf('approval_mismatch', 'denied')
  if (record.link !== context.leaf?.hash) return outcomeOf('approval_mismatch', 'link')
  if (record.tool !== context.call.tool) return outcomeOf('approval_mismatch', 'tool')
  if (record.actionHash !== actionHash) return outcomeOf('approval_mismatch', 'call')
  if (context.at >= record.expiresAt) return outcomeOf('approval_expired')
  if (context.at < record.issuedAt - MAX_IAT_SKEW) return outcomeOf('approval_mismatch', 'before')
  return record.spent === true ? outcomeOf('approval_replayed') : OK
}

function assertedFlags(facts: CallFacts): string[] {
  return facts.assertedApproval === undefined ? [] : ['asserted_approval']
}
