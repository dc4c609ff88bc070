import type { Outcome } from '@delegraph/graph-schema'
import {
  type ApprovalCase,
  approvalFits,
  approvalNames,
  type Json,
  type JudgedApproval,
  judgeApprovals as judgeAll,
  permits,
  type ReceiptClaims,
} from '@delegraph/link'
import type { CallFacts } from '../evidence/types.ts'
import type { Call } from './call.ts'
import { holds } from './holds.ts'
import type { Path, PathLink } from './path.ts'

/** A yes (or no) to one call, or to a class of calls, as the graph keeps it. */
export interface ApprovalRecord extends JudgedApproval {
  readonly hash: string
  /** How often it may be used. */
  readonly uses: number
  readonly delegates: boolean
  /** Hash of the decision that the approver had seen. */
  readonly after?: string
  readonly audience?: string
  readonly args?: Readonly<Record<string, Json>>
  readonly token?: string
  /** What ended it was the end of its task. */
  readonly taskOver?: true
  /** Epoch milliseconds of its signing, for the order within one second. */
  readonly moment: number
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
  /** The path is over, withdrawn or too deep: who hangs on it is nobody's delegate. */
  readonly lapsed?: boolean
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

/** Whether one approval is for this call by this agent and link, at this time. */
export function fits(record: ApprovalRecord, context: ApprovalContext): Outcome {
  return approvalFits(record, caseOf(context))
}

/** Whether an approval names the agent that acted. */
export function names(
  record: ApprovalRecord,
  context: Pick<ApprovalContext, 'agent' | 'call' | 'path' | 'lapsed'>,
): boolean {
  return approvalNames(record, { agent: context.agent, delegators: delegatorsOf(context) })
}

function caseOf(context: ApprovalContext): ApprovalCase {
  const { call, facts, claims, leaf, path, agent, task, session, at, moment } = context
  return {
    call,
    actionHash: claims?.action_hash ?? facts.actionHash,
    leaf,
    agent,
    delegators: delegatorsOf(context),
    task,
    session,
    wanted: path.links.flatMap(({ approvals }) => approvals[call.tool] ?? []),
    at,
    moment,
  }
}

/** Agents from whom links that hold and cover the call lead down to the one that acted. */
function delegatorsOf({
  agent,
  call,
  path,
  lapsed = false,
}: Pick<ApprovalContext, 'agent' | 'call' | 'path' | 'lapsed'>): readonly string[] {
  if (lapsed || path.links.at(-1)?.delegate !== agent) return []
  const from = path.links.findLastIndex((link) => {
    const answer = permits(link.tools, call)
    return !holds(link.outcome) || 'unknown' in answer || !answer.covered
  })
  return path.links.slice(from + 1).map(({ delegator }) => delegator)
}

function assertedFlags(facts: CallFacts): string[] {
  return facts.assertedApproval === undefined ? [] : ['asserted_approval']
}
