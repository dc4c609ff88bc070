// A yes to a call: whom it names, what it covers, how often, and whether it stands.
import type { ActionEvent, ApprovalEvent } from '../eval/format.ts'
import type { History, Moment } from './history.ts'
import { isBefore } from './history.ts'
import { pathsThatHold } from './paths.ts'
import { covers } from './permission.ts'
import { isOver, isRevoked, taskHasEnded } from './time.ts'

/** Its subject; or, where it says so, whoever holds the subject's valid link that covers the call. */
export function names(h: History, approval: ApprovalEvent, x: ActionEvent): boolean {
  if (approval.subject === x.actor) return true
  return (
    approval.delegates &&
    pathsThatHold(h, x.actor, x, x).some((path) =>
      path.some((link) => link.issuer === approval.subject),
    )
  )
}

/** Each executed call that cites it is a use. A refused or failed one uses nothing up. */
export function usesBefore(h: History, approval: ApprovalEvent, x: ActionEvent): number {
  return h.actions.filter(
    (other) => other.approval === approval.id && other.status === 'ok' && isBefore(other, x),
  ).length
}

export function isForAnotherOccasion(approval: ApprovalEvent, x: ActionEvent): boolean {
  return approval.task !== x.task || approval.session !== x.session
}

export function approvalIsRevoked(h: History, approval: ApprovalEvent, at: Moment): boolean {
  return isRevoked(h, 'approval', approval.id, [approval.approver], at)
}

/** True if it covers exactly this call, by this agent, now, from somebody whose yes counts: no agent's does. */
export function approves(h: History, approval: ApprovalEvent, x: ActionEvent): boolean {
  return (
    h.isPrincipal(approval.approver) &&
    isBefore(approval, x) &&
    !isOver(approval.exp, x) &&
    !approvalIsRevoked(h, approval, x) &&
    !taskHasEnded(h, approval.task, x) &&
    !isForAnotherOccasion(approval, x) &&
    covers(approval, x) &&
    names(h, approval, x) &&
    usesBefore(h, approval, x) < approval.uses
  )
}

export function isApproved(h: History, x: ActionEvent): boolean {
  return h.all('approval').some((approval) => approves(h, approval, x))
}

/** `Endorsed(u, x)`: a yes to this very call, cited or not, given after the influence and before the call. */
export function isEndorsedSince(h: History, influence: Moment, x: ActionEvent): boolean {
  return h
    .all('approval')
    .some((approval) => isBefore(influence, approval) && approves(h, approval, x))
}

export function citedApprovalStands(h: History, x: ActionEvent): boolean {
  const approval = h.approval(x.approval)
  return approval !== undefined && approves(h, approval, x)
}
