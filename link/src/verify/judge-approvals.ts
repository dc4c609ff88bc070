import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '../constants.ts'
import { permits, type ToolCall } from '../constraints/permits.ts'
import type { ApprovalRequirement, ArgumentMap } from '../types.ts'
import { holds } from './holds.ts'

/**
 * A yes or no to one call, or to a class of calls, with the outcome of its own verification:
 * `unknown(signature_missing)` where it is the word of a framework or a ticket system.
 */
export interface JudgedApproval {
  /** Signature, shape and trust in the approver; time and fit are judged per call. */
  readonly outcome: Outcome
  readonly decision: 'approve' | 'deny'
  /** Who said it. */
  readonly approver: string
  readonly issuer: string
  /** The leaf link it is for. */
  readonly link?: string
  /** Whose yes it is: the agent it names, or the holder of that link where it is known. */
  readonly subject?: string
  /** The class of calls that it is for, an argument map of its tool; absent where it is for one call. */
  readonly grants?: ArgumentMap
  /** It names whoever holds a valid link from its subject that covers the call, too. */
  readonly delegates?: boolean
  readonly task?: string
  readonly session?: string
  readonly tool: string
  readonly actionHash?: string
  /** How the approver proved who he is, RFC 9470. */
  readonly acr?: string
  /** NumericDate; `expiresAt` is Infinity where an unsigned one has no end. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** Epoch milliseconds from which it is withdrawn. */
  readonly withdrawn?: number
  /** It was presented with the call; a no counts without that. */
  readonly cited: boolean
  /** Other calls had used it up before. */
  readonly spent?: boolean
}

/** The call that approvals are compared with. */
export interface ApprovalCase {
  readonly call: ToolCall
  readonly actionHash: string | undefined
  /** The link in force. */
  readonly leaf: { readonly hash: string } | undefined
  /** Who acts. */
  readonly agent: string | undefined
  /** Agents from whom links that hold and cover the call lead to the one that acts. */
  readonly delegators: readonly string[]
  readonly task?: string | undefined
  readonly session?: string | undefined
  /** What the links of the path ask for before this tool. */
  readonly wanted: readonly ApprovalRequirement[]
  /** NumericDate of the call. */
  readonly at: number
  /** The same in epoch milliseconds, where it is known as closely. */
  readonly moment?: number
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
  if (givers(countingApprovals(records, about)) >= Math.max(1, needed)) return OK
  const outcomes = presented.map((record) => approvalFits(record, about))
  const failed = outcomes.find((outcome) => !holds(outcome))
  // Nobody signed what was presented: it answers no requirement, and where none is asked it is a word.
  if (failed === undefined && needed === 0) return outcomeOf('signature_missing')
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

/** Whether one approval is for this call by this agent and link, at this time. */
export function approvalFits(record: JudgedApproval, about: ApprovalCase): Outcome {
  if (!holds(record.outcome)) return record.outcome
  // An agent that approves its own call is the attack that approvals are there for.
  if (record.approver === about.agent) return outcomeOf('approver_untrusted', 'self')
  if (record.decision !== 'approve') return outcomeOf('approval_mismatch', 'denied')
  const wrong = record.grants === undefined ? callFault(record, about) : classFault(record, about)
  if (wrong !== undefined) return wrong
  if (differs(record.task, about.task)) return outcomeOf('approval_mismatch', 'task')
  if (differs(record.session, about.session)) return outcomeOf('approval_mismatch', 'session')
  if (about.at >= record.expiresAt) return outcomeOf('approval_expired')
  if (record.withdrawn !== undefined && record.withdrawn <= momentOf(about))
    return outcomeOf('approval_expired', 'withdrawn')
  if (about.at < record.issuedAt - MAX_IAT_SKEW) return outcomeOf('approval_mismatch', 'before')
  return record.spent === true ? outcomeOf('approval_replayed') : record.outcome
}

/** Whether an approval names the agent that acts. */
export function approvalNames(
  record: JudgedApproval,
  { agent, delegators }: Pick<ApprovalCase, 'agent' | 'delegators'>,
): boolean {
  const { subject } = record
  if (subject === undefined) return false
  return subject === agent || (record.delegates === true && delegators.includes(subject))
}

/** One call under one leaf link. */
function callFault(record: JudgedApproval, about: ApprovalCase): Outcome | undefined {
  if (record.link !== about.leaf?.hash) return outcomeOf('approval_mismatch', 'link')
  if (record.tool !== about.call.tool) return outcomeOf('approval_mismatch', 'tool')
  return record.actionHash === about.actionHash ? undefined : outcomeOf('approval_mismatch', 'call')
}

/** A class of calls by the agent that it names, or by whoever that agent passed them on to. */
function classFault(record: JudgedApproval, about: ApprovalCase): Outcome | undefined {
  if (record.tool !== about.call.tool) return outcomeOf('approval_mismatch', 'tool')
  if (!approvalNames(record, about)) return outcomeOf('approval_mismatch', 'subject')
  const answer = permits({ [record.tool]: record.grants ?? {} }, about.call)
  if ('unknown' in answer) return outcomeOf('args_withheld')
  return answer.covered ? undefined : outcomeOf('approval_mismatch', 'call')
}

function differs(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}

/** One person is one, however often he says yes: `sub` is unique within its issuer. */
function givers(records: readonly JudgedApproval[]): number {
  return new Set(records.map(({ issuer, approver }) => JSON.stringify([issuer, approver]))).size
}

function satisfies(record: JudgedApproval, wanted: ApprovalRequirement, at: number): boolean {
  return (
    wanted.approvers.includes(record.issuer) &&
    at - record.issuedAt <= wanted.max_age &&
    (wanted.acr === undefined || wanted.acr.some((acr) => acr === record.acr))
  )
}

/**
 * A no to this very call stands for as long as it lasts, whoever else says yes; one of the same
 * second counts as earlier, since not every call says when within it it was made.
 */
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

function momentOf({ moment, at }: ApprovalCase): number {
  return moment ?? at * 1000
}
