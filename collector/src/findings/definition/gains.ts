import type { ActionCase } from '../rule.ts'
import { noAuthority } from './no-authority.ts'
import { noTransfer } from './no-transfer.ts'

/** Clauses N and T together: somebody behind the action was never given it, nor by whoever acted. */
export function gains(agent: string, subject: ActionCase): boolean {
  return noAuthority(agent, subject) && noTransfer(subject.action.agent, agent, subject)
}
