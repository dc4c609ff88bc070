import { auth } from '../../verify/auth.ts'
import type { ActionCase } from '../rule.ts'
import { asking } from './asking.ts'
import { endorsed, endorses } from './endorsement.ts'
import type { Influence } from './influence.ts'

/**
 * Callers on the request path who count: whoever asked the actor, and whoever asked him in turn for as
 * long as each had nothing but his own standing right to it. Somebody to whom it is exported, or who
 * was given it for this task, answers for what he asks; those above him asked him for something that
 * he may.
 */
export function callers(subject: ActionCase): string[] {
  const { action, context, registry } = subject
  const { call, at } = action
  const found = new Set<string>()
  // A person who asks is no agent: what he may have done is not recorded as a grant to him.
  const agents = action.callers.filter(
    (id) => registry.isAgent(id) || registry.principal(id) === undefined,
  )
  const open = isYesCited(subject) ? [] : agents.filter((id) => !isAnswered(id, subject))
  for (const caller of open) {
    if (found.has(caller) || caller === action.agent) continue
    found.add(caller)
    if (registry.exported(action.agent, caller, call, at)) continue
    const own = auth(asking(caller, subject), context)
    if (own.state !== 'held' || own.by !== 'standing') continue
    open.push(...askersOf(caller, subject))
  }
  return [...found].sort()
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

function askersOf(agent: string, { action }: ActionCase): string[] {
  return action.path.links
    .filter((link) => link.delegate === agent && link.parent !== undefined)
    .map((link) => link.delegator)
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
