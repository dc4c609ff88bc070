import { what, who } from '../../verify/words.ts'
import { isSameTask, writers } from '../definition/drivers.ts'
import { effect } from '../definition/effect.ts'
import { fact, factOn } from '../definition/fact.ts'
import { flowHit, howItCame } from '../definition/flow-hit.ts'
import { gains } from '../definition/gains.ts'
import type { Influence } from '../definition/influence.ts'
import { approvalRemedy } from '../definition/remedy.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D14. What an agent gave back to the one that had asked it, or to another that the same one had
 * asked, reached an action that it has no authority for, that no path of the task covers, and that
 * nobody approved since.
 *
 * A path that covers the action is the plan: data that fills its arguments widens nothing.
 * Source: OWASP ASI01, ASI07; ATLAS AML.T0051.001, AML.T0080.001.
 */
export const resultDrivenWidening: ActionRule = {
  id: 'D14',
  on: 'action',
  class: 'inheritance',
  sentence:
    'The result of an agent reached an action of the one that asked it, beyond what the task had granted.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action } = subject
  if (!effect(subject)) return undefined
  const writer = writers(subject).find(
    (influence) =>
      isSameTask(influence, subject) &&
      isChild(influence, subject) &&
      gains(influence.agent, subject),
  )
  if (writer === undefined) return undefined
  const child = who(writer.agent)
  const parent = who(action.agent)
  const does = what(action.call)
  const hit = flowHit(subject, writer, {
    title: `what ${child} gave back reached ${does} by ${parent}, which ${child} may not do`,
    facts: [
      factOn(`${child} gave data back`, ['action', writer.action], {
        ...{ kind: 'agent', id: writer.agent },
      }),
      fact(howItCame(writer, subject), 'action', action.id),
      fact(
        `no path of the task covers ${does}, and nobody approved it since`,
        'agent',
        writer.agent,
      ),
    ],
    remedy: approvalRemedy(
      subject.registry.owner(action.agent)?.owner,
      subject,
      'given after the result had come',
    ),
  })
  const own = { by: 1, reason: 'a result is read by whoever asked as if it were an answer' }
  return { ...hit, adjust: [...(hit.adjust ?? []), own] }
}

/** Asked by the actor, or by whoever asked the actor, by a link of the task or by its own word. */
function isChild({ agent, askedBy }: Influence, { action, context }: ActionCase): boolean {
  const askers = new Set([action.agent, ...action.callers])
  if (askedBy?.some((id) => askers.has(id)) === true) return true
  return [...context.links.values()].some(
    (link) =>
      link.delegate === agent &&
      link.task === action.task &&
      link.parent !== undefined &&
      askers.has(link.delegator),
  )
}
