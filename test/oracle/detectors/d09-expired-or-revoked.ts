import type { ActionEvent } from '../../eval/format.ts'
import { approvalIsRevoked } from '../approvals.ts'
import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { citedPath, linkIsRevoked } from '../paths.ts'
import { isNotYet, isOver, isRevoked, taskHasEnded } from '../time.ts'

/** It presented something that was over, withdrawn, or not made yet. */
export function expiredOrRevoked(h: History): Finding[] {
  return h.actions
    .filter((x) => h.counts(x))
    .flatMap((x) => {
      const late = [...lateLinks(h, x), ...lateApproval(h, x), ...lateCredential(h, x)][0]
      return late ? [{ detector: 'D9', class: 'V', at: x.id, ...late } as const] : []
    })
}

interface Late {
  culprit: string
  why: string
}

function lateLinks(h: History, x: ActionEvent): Late[] {
  const path = citedPath(h, x)
  return path.flatMap((link) => {
    const culprit = link.id
    if (isNotYet(link, x)) return [{ culprit, why: 'the link was made later' }]
    if (isOver(link.exp, x)) return [{ culprit, why: 'the link had ended' }]
    if (linkIsRevoked(h, link, x)) return [{ culprit, why: 'the link was withdrawn' }]
    if (taskHasEnded(h, link.task, x)) return [{ culprit, why: 'the task was over' }]
    return []
  })
}

function lateApproval(h: History, x: ActionEvent): Late[] {
  const approval = h.approval(x.approval)
  if (!approval) return []
  const culprit = approval.id
  if (isNotYet(approval, x)) return [{ culprit, why: 'the yes was given later' }]
  if (isOver(approval.exp, x)) return [{ culprit, why: 'the yes had ended' }]
  if (approvalIsRevoked(h, approval, x)) return [{ culprit, why: 'the yes was withdrawn' }]
  if (taskHasEnded(h, approval.task, x)) return [{ culprit, why: 'the task was over' }]
  return []
}

function lateCredential(h: History, x: ActionEvent): Late[] {
  if (x.cred === null) return []
  const culprit = x.cred
  const issued = h.credential(culprit)
  if (isRevoked(h, 'credential', culprit, issued?.issued_to ?? [], x))
    return [{ culprit, why: 'the credential was withdrawn' }]
  if (issued && isNotYet(issued, x)) return [{ culprit, why: 'the credential was issued later' }]
  if (issued && isOver(issued.exp, x)) return [{ culprit, why: 'the credential had ended' }]
  return []
}
