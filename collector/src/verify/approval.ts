import type { Outcome } from '@delegraph/graph-schema'
import {
  type ApprovalCase,
  approvalFits,
  type Json,
  type JudgedApproval,
  judgeApprovals as judgeAll,
  type ReceiptClaims,
} from '@delegraph/link'
import type { CallFacts } from '../evidence/types.ts'
import type { Call } from './call.ts'
import type { Path, PathLink } from './path.ts'

/** A signed yes (or no) to one call, as the graph keeps it. */
export interface ApprovalRecord extends JudgedApproval {
  readonly hash: string
  /** Holder of the link it is for, where that link has arrived: whose yes it is. */
  readonly subject?: string
  readonly audience?: string
  readonly args?: Readonly<Record<string, Json>>
  readonly token?: string
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

/** The approval part of a verdict: the rules are those of `link`, which a guard asks too. */
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
  const about = caseOf(context)
  return {
    outcome: judgeAll(records, about),
    records,
    flags: assertedFlags(context.facts),
    needed: about.wanted.some(({ min }) => min > 0),
  }
}

/** Whether one approval is for this very call by this very link, at this time. */
export function fits(record: ApprovalRecord, context: ApprovalContext): Outcome {
  return approvalFits(record, caseOf(context))
}

function caseOf({ call, facts, claims, leaf, path, at }: ApprovalContext): ApprovalCase {
  return {
    tool: call.tool,
    actionHash: claims?.action_hash ?? facts.actionHash,
    leaf,
    wanted: path.links.flatMap(({ approvals }) => approvals[call.tool] ?? []),
    at,
  }
}

function assertedFlags(facts: CallFacts): string[] {
  return facts.assertedApproval === undefined ? [] : ['asserted_approval']
}
