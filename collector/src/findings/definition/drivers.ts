import { UNKNOWN_AGENT } from '../../verify/action.ts'
import type { ActionCase } from '../rule.ts'
import { endorsed, endorses } from './endorsement.ts'
import type { Influence } from './influence.ts'

/**
 * Callers on the request path who count: every agent that handed on a link of it, and those that the action names.
 * What is offered to one of them is not offered to those above him. Whoever asked before somebody said yes to
 * this very call is answered by that yes.
 */
export function callers(subject: ActionCase): string[] {
  if (isYesCited(subject)) return []
  return askers(subject).filter((id) => !isAnswered(id, subject))
}

/** All who asked, the nearest and those above; a person who asks is no agent, and nothing is recorded as a grant to him. */
export function askers({ action, registry }: ActionCase): string[] {
  const named = action.callers.filter(
    (id) => registry.isAgent(id) || registry.principal(id) === undefined,
  )
  const above = action.path.links.flatMap(({ delegator, parent }) =>
    parent !== undefined || registry.isAgent(delegator) ? [delegator] : [],
  )
  const ids = new Set([...named, ...above])
  return [...ids].filter((id) => id !== action.agent && id !== UNKNOWN_AGENT).sort()
}

/** Somebody said yes to this very call after that caller had handed on what he asks by. */
function isAnswered(caller: string, subject: ActionCase): boolean {
  const asked = subject.action.path.links.findLast(({ delegator }) => delegator === caller)
  const { moment, issuedAt } = asked ?? {}
  const since = moment ?? (issuedAt === undefined ? undefined : issuedAt * 1000)
  return since !== undefined && endorsed(subject, since)
}

/** A cited yes to this very call for whoever acts was given knowing that he would be asked. */
export function isYesCited(subject: ActionCase): boolean {
  return subject.action.approvals.some((record) => record.cited && endorses(record, subject))
}

/**
 * Writers whose data reached the action and was not endorsed since. A path that covers the action is
 * the plan: then a writer of the same task drives nothing, and one of another task only by what set an
 * argument or the choice of operation, not by what merely reached the actor.
 */
export function writers(subject: ActionCase): Influence[] {
  const { action, around } = subject
  const planned = isPlanned(subject)
  return around.influences.filter(
    (influence) =>
      !(planned && (influence.how === 'reaches' || isSameTask(influence, subject))) &&
      !endorsed(subject, influence.reachedAt) &&
      influence.agent !== action.agent,
  )
}

/** Whether a path of the task covers the action: the one that it cites, or another that the actor holds. */
export function isPlanned({ authority }: ActionCase): boolean {
  return authority.kind === 'chain' || authority.kind === 'unknown'
}

/** A writer of whom no task is known is taken to be of this one. */
export function isSameTask({ task }: Influence, { action }: ActionCase): boolean {
  return task === undefined || action.task === undefined || task === action.task
}
