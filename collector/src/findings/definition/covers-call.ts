import { permits } from '@delegraph/link'
import type { JudgedAction } from '../../verify/action.ts'
import type { ApprovalRecord } from '../../verify/approval.ts'
import type { DecisionRecord } from '../../verify/decision.ts'

/** Whether an approval or a decision is about this call: by its hash, or as one of a class of calls. */
export function coversCall(
  record:
    | Pick<ApprovalRecord, 'tool' | 'grants' | 'actionHash'>
    | Pick<DecisionRecord, 'tool' | 'grants' | 'actionHash'>,
  { call, actionHash }: Pick<JudgedAction, 'call' | 'actionHash'>,
): boolean {
  if (record.grants === undefined) {
    return record.actionHash !== undefined && record.actionHash === actionHash
  }
  if (record.tool !== call.tool) return false
  const answer = permits({ [call.tool]: record.grants }, call)
  return 'covered' in answer && answer.covered
}
