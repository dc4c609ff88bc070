import { LIMITS, signingInputHash } from '@delegraph/link'
import type { ActionEvent, ApprovalEvent } from '../format.ts'
import { proposed } from './acting.ts'
import { dateOf } from './clock.ts'
import { lastHeld, partOf, sameArguments, satisfies } from './matching.ts'
import { isExact, mapOf } from './permissions.ts'
import type { Part, Stage } from './stage.ts'
import { assertApproval } from './unsigned.ts'

/** Plays a yes: to one call by one leaf link where that is what was meant, and else to a class of calls. */
export function playApproval(stage: Stage, event: ApprovalEvent): void {
  const made = stage.unsigned ? assertApproval(stage, event) : signed(stage, event)
  stage.names.note(made.hash, event.id)
  stage.approvals.set(event.id, made)
}

function signed(stage: Stage, event: ApprovalEvent) {
  const leaf = leafOf(stage, event)
  const sign = () => (leaf === undefined ? toClass(stage, event) : toCall(stage, event, leaf))
  const text = stage.clock.inTime(event, sign)
  return { text, hash: signingInputHash(text) ?? '' }
}

/**
 * The leaf link of an approval that is for one call: cited, used once, by one agent, its arguments all
 * given, short-lived, and that agent holds a link. Undefined for all others.
 */
function leafOf(stage: Stage, event: ApprovalEvent): Part | undefined {
  const { subject, uses, delegates, where, task, perm, exp, t } = event
  const citing = stage.actions().filter((action) => action.approval === event.id)
  const isOneCall =
    citing.length > 0 &&
    uses === 1 &&
    !delegates &&
    isExact(where) &&
    event.after_denial === undefined &&
    (exp ?? Math.max(t, ...citing.map((action) => action.t)) + 1) - t <= LIMITS.approvalLifetime &&
    citing.every(
      (action) =>
        action.perm !== perm ||
        sameArguments(action.where, where) ||
        !satisfies(action.where, where),
    )
  if (!isOneCall) return undefined
  const own = citing.filter((action) => action.actor === subject)
  const cited = own.map((action) => partOf(stage, action))
  if (cited.some((part) => part?.hash !== cited[0]?.hash)) return undefined
  const leaf = own.length > 0 ? cited[0] : lastHeld(stage, subject, task, perm)
  const fits = leaf?.holder === subject && leaf.task === stage.names.of(task)
  return fits && leaf.chain !== undefined ? leaf : undefined
}

function toCall(stage: Stage, event: ApprovalEvent, leaf: Part): string {
  const { approver, subject, perm, where, exp } = event
  const proposal = proposed(stage, subject, perm, where, leaf)
  for (const action of stage.actions().filter((action) => isThatCall(action, event)))
    stage.proposals.set(action.id, proposal)
  if (leaf.chain === undefined) throw new Error('a call approval needs a signed leaf')
  return stage.approver(approver).approve(proposal, {
    chain: leaf.chain,
    session: stage.names.of(event.session),
    lifetimeSeconds:
      exp === undefined ? LIMITS.approvalLifetime : dateOf(exp) - stage.clock.seconds,
  })
}

function isThatCall(action: ActionEvent, event: ApprovalEvent): boolean {
  return (
    action.approval === event.id &&
    action.perm === event.perm &&
    sameArguments(action.where, event.where)
  )
}

function toClass(stage: Stage, event: ApprovalEvent): string {
  const { approver, subject, perm, where, uses, delegates, exp, after_denial } = event
  const denial = after_denial === undefined ? undefined : stage.decisions.get(after_denial)?.text
  return stage.approver(approver).approveClass({
    tool: stage.names.tool(perm),
    args: mapOf(where),
    subject: stage.names.of(subject),
    uses,
    delegates,
    task: stage.names.of(event.task),
    session: stage.names.of(event.session),
    lifetimeSeconds: exp === undefined ? LIMITS.lifetime : dateOf(exp) - stage.clock.seconds,
    ...(denial === undefined ? {} : { after: denial }),
  })
}
