import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '../constants.ts'
import type { ApprovalRequirement } from '../types.ts'

/** A signed yes or no, with the outcome of its own verification. */
export interface JudgedApproval {
  /** Signature, shape and trust in the approver; time and fit are judged per call. */
  readonly outcome: Outcome
  readonly decision: 'approve' | 'deny'
  /** Who said it. */
  readonly approver: string
  readonly issuer: string
  /** The leaf link it is for. */
  readonly link?: string
  readonly tool: string
  readonly actionHash?: string
  /** How the approver proved who he is, RFC 9470. */
  readonly acr?: string
  /** NumericDate. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** It was presented with the call; a no counts without that. */
  readonly cited: boolean
  /** Another call had consumed it before. */
  readonly spent?: boolean
}

/** The call that approvals are compared with. */
export interface ApprovalCase {
  readonly tool: string
  readonly actionHash: string | undefined
  /** The link in force, and the agent that holds it. */
  readonly leaf: { readonly hash: string; readonly delegate: string } | undefined
  /** What the links of the path ask for before this tool. */
  readonly wanted: readonly ApprovalRequirement[]
  /** NumericDate of the call. */
  readonly at: number
}

/**
 * The approval part of a verdict: what the path asks for, and whether what was presented answers it.
 * An approval that is presented without need is judged all the same, since acceptance may have
 * rested on it. A service that is called and a collector that hears of it later both ask here.
 */
export function judgeApprovals(records: readonly JudgedApproval[], about: ApprovalCase): Outcome {
  const presented = records.filter((record) => record.cited)
  const needed = Math.max(0, ...about.wanted.map((requirement) => requirement.min))
  if (presented.length === 0) return needed === 0 ? NOT_APPLICABLE : outcomeOf('approval_missing')
  if (isDenied(records, about)) return outcomeOf('approval_mismatch', 'denied')
  if (countingApprovals(records, about).length >= Math.max(1, needed)) return OK
  const outcomes = presented.map((record) => approvalFits(record, about))
  const failed = outcomes.find((outcome) => outcome.state !== 'ok')
  return failed ?? outcomeOf('approval_missing', 'requirement')
}

/** The approvals presented that are for this call and answer everything that is asked for. */
export function countingApprovals<Kind extends JudgedApproval>(
  records: readonly Kind[],
  about: ApprovalCase,
): readonly Kind[] {
  return records.filter(
    (record) =>
      record.cited &&
      approvalFits(record, about).state === 'ok' &&
      about.wanted.every((requirement) => satisfies(record, requirement, about.at)),
  )
}

/** Whether one approval is for this very call by this very link, at this time. */
export function approvalFits(record: JudgedApproval, about: ApprovalCase): Outcome {
  if (record.outcome.state !== 'ok') return record.outcome
  // An agent that approves its own call is the attack that approvals are there for.
  if (record.approver === about.leaf?.delegate) return outcomeOf('approver_untrusted', 'self')
  if (record.decision !== 'approve') return outcomeOf('approval_mismatch', 'denied')
  if (record.link !== about.leaf?.hash) return outcomeOf('approval_mismatch', 'link')
  if (record.tool !== about.tool) return outcomeOf('approval_mismatch', 'tool')
  if (record.actionHash !== about.actionHash) return outcomeOf('approval_mismatch', 'call')
  if (about.at >= record.expiresAt) return outcomeOf('approval_expired')
  if (about.at < record.issuedAt - MAX_IAT_SKEW) return outcomeOf('approval_mismatch', 'before')
  return record.spent === true ? outcomeOf('approval_replayed') : OK
}

function satisfies(record: JudgedApproval, wanted: ApprovalRequirement, at: number): boolean {
  return (
    wanted.approvers.includes(record.issuer) &&
    at - record.issuedAt <= wanted.max_age &&
    (wanted.acr === undefined || wanted.acr.some((acr) => acr === record.acr))
  )
}

/** A no to this very call stands for as long as it lasts, whoever else says yes. */
function isDenied(records: readonly JudgedApproval[], about: ApprovalCase): boolean {
  return records.some(
    (record) =>
      record.decision === 'deny' &&
      record.outcome.state === 'ok' &&
      record.actionHash === about.actionHash &&
      record.issuedAt <= about.at &&
      about.at < record.expiresAt,
  )
}
