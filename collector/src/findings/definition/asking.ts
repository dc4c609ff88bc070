import type { AuthQuestion } from '../../verify/auth.ts'
import type { ActionCase } from '../rule.ts'

/** The question whether an agent might have done what was done, in that task and at that time. */
export function asking(agent: string, { action }: ActionCase): AuthQuestion {
  const { call, task, purpose } = action
  return { agent, call, task, purpose, when: action }
}
