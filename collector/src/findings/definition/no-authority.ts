import { auth } from '../../verify/auth.ts'
import type { ActionCase } from '../rule.ts'
import { asking } from './asking.ts'

/**
 * Clause N: somebody behind the action was never given this. Neither a path of its own covers it in
 * this task, nor a standing grant, and the owner of the actor does not offer it to him. What cannot
 * be told for want of disclosed arguments or of an answer on its status is not held against anybody.
 */
export function noAuthority(agent: string, subject: ActionCase): boolean {
  const { action, authority, context, registry } = subject
  const { call, at } = action
  if (agent === action.agent) return authority.kind === 'none'
  if (registry.exported(action.agent, agent, call, at)) return false
  return auth(asking(agent, subject), context).state === 'none'
}
