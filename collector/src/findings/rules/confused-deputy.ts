import { carries, heldPaths } from '../../verify/auth.ts'
import { what, who } from '../../verify/words.ts'
import { counterfactual } from '../definition/counterfactual.ts'
import { callers, isSameTask, writers } from '../definition/drivers.ts'
import { effect } from '../definition/effect.ts'
import { fact, factOn } from '../definition/fact.ts'
import { gains } from '../definition/gains.ts'
import { type Influence, placesOf } from '../definition/influence.ts'
import { exportRemedy } from '../definition/remedy.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D3. An agent used its own standing permission because another agent asked for it or wrote what set
 * it off, that other one has no authority for the action, and the owner does not offer it to him.
 *
 * Source: Hardy, "The Confused Deputy" (1988); OWASP ASI03, ASI02. A caller is an agent that a signed
 * receipt or a link names; a writer is one whose data is recorded to have reached the action. What was laid down
 * somewhere in another task is D7's.
 */
export const confusedDeputy: ActionRule = {
  id: 'D3',
  on: 'action',
  class: 'inheritance',
  sentence:
    'An agent used its standing permission for a caller or writer that may not do this and to whom it is not offered.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action } = subject
  if (!effect(subject) || !restsOnStanding(subject)) return undefined
  const caller = callers(subject).find((agent) => gains(agent, subject))
  const writer = writers(subject).find(
    (influence) =>
      influence.how === 'drives' &&
      (isSameTask(influence, subject) || placesOf(influence).length === 0) &&
      gains(influence.agent, subject),
  )
  const gained = caller ?? writer?.agent
  if (gained === undefined) return undefined
  const { agent, call } = action
  const source = { kind: 'standing', id: agent, holder: agent, signature: 'valid' } as const
  const deputy = who(agent)
  const asker = who(gained)
  const does = what(call)
  const outside = outsideOf(subject)
  return {
    title: `${asker} got ${deputy} to do ${does}, which ${asker} may not do`,
    facts: [
      caller === undefined
        ? factOn(`what ${asker} wrote reached it`, ['action', writer?.action], {
            ...{ kind: 'action', id: action.id },
          })
        : fact(`${asker} asked ${deputy} for it`, 'action', action.id),
      fact(`${deputy} did it by its own standing permission`, 'agent', agent),
      fact(
        `no link or permission of ${asker} covers it, and it is not offered to ${asker}`,
        'agent',
        gained,
      ),
    ],
    gained,
    from: agent,
    source,
    counterfactual: counterfactual(gained, subject, source),
    remedy: exportRemedy(gained, subject),
    rests: caller === undefined && writer !== undefined ? [writer.grade] : [],
    ...(writer === undefined || caller !== undefined ? {} : { flow: writer.path }),
    ...(outside === undefined
      ? {}
      : {
          adjust: [{ by: 1, reason: `content of ${who(outside.agent)} had come in from outside` }],
        }),
  }
}

/** No path of the task gives it the call, or may: what is left is its own right, with or without a yes beside it. */
function restsOnStanding(subject: ActionCase): boolean {
  const { action, context, registry } = subject
  const { agent, call, at, task, purpose } = action
  return (
    registry.standing(agent, call, at, task, purpose) &&
    !heldPaths(agent, task, context).some((path) => carries(path, call, action, context) !== false)
  )
}

/** Content from outside every grant that had reached the action. */
function outsideOf({ around, registry }: ActionCase): Influence | undefined {
  return around.influences.find(({ agent }) => registry.isExternal(agent))
}
