import type { Assignments, Certainty } from '@delegraph/graph-schema'
import { heldPaths } from '../../verify/auth.ts'
import type { Path } from '../../verify/path.ts'
import { timeOutcome } from '../../verify/window.ts'
import { who } from '../../verify/words.ts'
import type { ActionCase, Rule } from '../rule.ts'

/** Paths that are tried at most. */
const CAP = 16

/**
 * Which paths an action may have been on, where no receipt proves it: the live paths of the actor in
 * its task, and how many of them the rule would fire on. Delegation scope cannot be told from traces
 * alone (arXiv 2606.09692). Undefined where a receipt names the link, or only one path fits.
 */
export function assignmentsOf(rule: Rule, subject: ActionCase): Assignments | undefined {
  const { action, context } = subject
  if (rule.on !== 'action' || action.verdict.possession.state === 'ok') return undefined
  const live = heldPaths(action.agent, action.task, context).filter(
    (path) => path.complete && timeOutcome(path, action.at).state === 'ok',
  )
  if (live.length < 2) return undefined
  const tried = live.slice(0, CAP)
  const violating = tried.filter((path) => rule.check(on(path, subject)) !== undefined)
  return {
    count: live.length,
    violating: violating.length,
    capped: live.length > tried.length,
    decides: `a receipt of ${who(action.agent)} that names the link it used`,
  }
}

/** Certain where every assignment violates, whoever is to blame; never where only some do. */
export function certaintyOf(
  { action }: ActionCase,
  assignments: Assignments | undefined,
): Certainty {
  if (action.effect !== 'ok') return 'unknown'
  if (assignments === undefined) return 'certain'
  const { count, violating, capped } = assignments
  return violating === count && !capped ? 'certain' : 'ambiguous'
}

/** The same action as if it had cited another path. */
function on(path: Path, subject: ActionCase): ActionCase {
  const leaf = path.links.at(-1)
  const above = leaf?.parent === undefined ? undefined : leaf.delegator
  const { action } = subject
  const caller = action.path.links.at(-1)
  const others = action.callers.filter((id) => id !== caller?.delegator)
  const callers = above === undefined ? others : [...new Set([...others, above])].sort()
  return {
    ...subject,
    action: { ...action, path, callers, ...(leaf === undefined ? {} : { link: leaf.hash }) },
  }
}
