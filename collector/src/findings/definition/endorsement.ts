import type { ApprovalRecord } from '../../verify/approval.ts'
import { carries, heldPaths, isAccountable } from '../../verify/auth.ts'
import { mayRestOn } from '../../verify/holds.ts'
import { coversCall } from './covers-call.ts'
import type { JudgedSubject } from './judged-subject.ts'

/**
 * Whether somebody who may said yes to this very call, knowing: an approval, cited or not, that covers
 * it and names the actor, given after `since` (epoch milliseconds) and before the action.
 */
export function endorsed(subject: JudgedSubject, since: number): boolean {
  return subject.action.approvals.some(
    (record) => record.moment > since && endorses(record, subject),
  )
}

export function endorses(record: ApprovalRecord, subject: JudgedSubject): boolean {
  const { action, registry } = subject
  return (
    mayRestOn(record.outcome, subject.action) &&
    record.decision === 'approve' &&
    // What an action cites was there, whatever the clocks say.
    (record.cited || record.moment <= action.moment) &&
    action.at < record.expiresAt &&
    (record.withdrawn === undefined || record.withdrawn > action.moment) &&
    record.approver !== action.agent &&
    isAccountable(record.approver, registry) &&
    coversCall(record, action) &&
    isFor(record, subject) &&
    !isUsedUp(record, subject)
  )
}

/** For the very link that the action cites, or for whoever acted by name or as a delegate. */
export function isFor(record: ApprovalRecord, subject: JudgedSubject): boolean {
  const { action, context } = subject
  const { agent, call, task } = action
  if (record.grants === undefined) return record.link === action.link
  if (record.subject === agent) return true
  return (
    record.delegates &&
    heldPaths(agent, task, context).some(
      (path) =>
        path.links.some(({ delegator }) => delegator === record.subject) &&
        carries(path, call, action, context) === true,
    )
  )
}

function isUsedUp(record: ApprovalRecord, { action }: JudgedSubject): boolean {
  return record.cited && record.spent === true && action.citedApprovals.includes(record.hash)
}
