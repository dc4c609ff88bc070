import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  type ApprovalRequirement,
  type ArgumentMap,
  type Json,
  MAX_IAT_SKEW,
  permits,
  type ReceiptClaims,
} from '@delegraph/link'
import type { CallFacts } from '../evidence/types.ts'
import type { Call } from './call.ts'
import { holds } from './holds.ts'
import type { Path, PathLink } from './path.ts'

/**
 * A yes (or no) to one call, or to a class of calls, with the outcome of its own verification:
 * `unknown(signature_missing)` where it is the word of a framework or a ticket system.
 */
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
  /** Whose yes it is: the agent it names, or the holder of that link where the link has arrived. */
  readonly subject?: string
  /** The class of calls that it is for, an argument map of its tool; absent where it is for one call. */
  readonly grants?: ArgumentMap
  /** How often it may be used. */
  readonly uses: number
  /** It names whoever holds a valid link from its subject that covers the call, too. */
  readonly delegates: boolean
  /** Hash of the decision that the approver had seen. */
  readonly after?: string
  readonly task?: string
  readonly session?: string
  readonly tool: string
  readonly audience?: string
  readonly actionHash?: string
  readonly args?: Readonly<Record<string, Json>>
  readonly token?: string
  /** How the approver proved who he is, RFC 9470. */
  readonly acr?: string
  /** NumericDate. */
  readonly issuedAt: number
  /** Infinity where an unsigned one has no end. */
  readonly expiresAt: number
  /** Epoch milliseconds of its signing, for the order within one second. */
  readonly moment: number
  /** Epoch milliseconds from which it is withdrawn. */
  readonly withdrawn?: number
  /** The action cites it, in its receipt or on its span. */
  readonly cited: boolean
  /** Other actions had used it up before. */
  readonly spent?: boolean
}

export interface ApprovalContext {
  readonly call: Call
  readonly facts: CallFacts
  readonly claims: ReceiptClaims | undefined
  readonly leaf: PathLink | undefined
  readonly path: Path
  /** Who acted. */
  readonly agent: string
  readonly task: string | undefined
  readonly session: string | undefined
  /** NumericDate. */
  readonly at: number
  /** Epoch milliseconds. */
  readonly moment: number
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
  const failed = outcomes.find((outcome) => !holds(outcome))
  // Nobody signed what was presented: it answers no requirement, and where none is asked it is a word.
  if (failed === undefined && needed === 0) return outcomeOf('signature_missing')
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
      record.moment <= context.moment &&
      context.at < record.expiresAt,
  )
}

/** Whether one approval is for this call by this agent and link, at this time. */
export function fits(record: ApprovalRecord, context: ApprovalContext): Outcome {
  if (!holds(record.outcome)) return record.outcome
  // An agent that approves its own call is the attack that approvals are there for.
  if (record.approver === context.agent) return outcomeOf('approver_untrusted', 'self')
  if (record.decision !== 'approve') return outcomeOf('approval_mismatch', 'denied')
  const wrong =
    record.grants === undefined ? callFault(record, context) : classFault(record, context)
  if (wrong !== undefined) return wrong
  if (differs(record.task, context.task)) return outcomeOf('approval_mismatch', 'task')
  if (differs(record.session, context.session)) return outcomeOf('approval_mismatch', 'session')
  if (context.at >= record.expiresAt) return outcomeOf('approval_expired')
  if (record.withdrawn !== undefined && record.withdrawn <= context.moment)
    return outcomeOf('approval_expired', 'withdrawn')
  if (context.at < record.issuedAt - MAX_IAT_SKEW) return outcomeOf('approval_mismatch', 'before')
  return record.spent === true ? outcomeOf('approval_replayed') : record.outcome
}

function differs(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}

/** One call under one leaf link. */
function callFault(record: ApprovalRecord, context: ApprovalContext): Outcome | undefined {
  const actionHash = context.claims?.action_hash ?? context.facts.actionHash
  if (record.link !== context.leaf?.hash) return outcomeOf('approval_mismatch', 'link')
  if (record.tool !== context.call.tool) return outcomeOf('approval_mismatch', 'tool')
  return record.actionHash === actionHash ? undefined : outcomeOf('approval_mismatch', 'call')
}

/** A class of calls by the agent that it names, or by whoever that agent passed them on to. */
function classFault(record: ApprovalRecord, context: ApprovalContext): Outcome | undefined {
  if (record.tool !== context.call.tool) return outcomeOf('approval_mismatch', 'tool')
  if (!names(record, context)) return outcomeOf('approval_mismatch', 'subject')
  const answer = permits({ [record.tool]: record.grants ?? {} }, context.call)
  if ('unknown' in answer) return outcomeOf('args_withheld')
  return answer.covered ? undefined : outcomeOf('approval_mismatch', 'call')
}

/** Whether an approval names the agent that acted. */
export function names(
  record: ApprovalRecord,
  { agent, call, path }: Pick<ApprovalContext, 'agent' | 'call' | 'path'>,
): boolean {
  if (record.subject === agent) return true
  if (!record.delegates || path.links.at(-1)?.delegate !== agent) return false
  const from = path.links.findIndex((link) => link.delegator === record.subject)
  return (
    from !== -1 &&
    path.links.slice(from).every((link) => {
      const answer = permits(link.tools, call)
      return holds(link.outcome) && 'covered' in answer && answer.covered
    })
  )
}

function assertedFlags(facts: CallFacts): string[] {
  return facts.assertedApproval === undefined ? [] : ['asserted_approval']
}
