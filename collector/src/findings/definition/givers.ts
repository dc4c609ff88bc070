import { carries, heldPaths } from '../../verify/auth.ts'
import { endorses } from './endorsement.ts'
import type { JudgedSubject } from './judged-subject.ts'

/**
 * Every principal who gave this very call to whoever made it: at the root of any path of the task that carries
 * it, as the owner of who may do it anyway, or by a yes.
 */
export function giversOf(subject: JudgedSubject): string[] {
  const { action, context, registry } = subject
  const { agent, call, task, at, purpose } = action
  const roots = heldPaths(agent, task, context)
    .filter((path) => carries(path, call, action, context) === true)
    .map((path) => path.links[0]?.principal)
  const owner = registry.standing(agent, call, at, task, purpose)
    ? registry.owner(agent)?.owner
    : undefined
  const approvers = action.approvals
    .filter((record) => endorses(record, subject))
    .map(({ approver }) => approver)
  const all = [...roots, owner, ...approvers].filter((giver) => giver !== undefined)
  return [...new Set(all)].sort()
}
