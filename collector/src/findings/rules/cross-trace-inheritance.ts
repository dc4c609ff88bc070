import { what, who } from '../../verify/words.ts'
import { writers } from '../definition/drivers.ts'
import { effect } from '../definition/effect.ts'
import { fact, factOn } from '../definition/fact.ts'
import { flowHit, howItCame } from '../definition/flow-hit.ts'
import { gains } from '../definition/gains.ts'
import { type Influence, placesOf } from '../definition/influence.ts'
import { approvalRemedy } from '../definition/remedy.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D7. What an agent wrote in one task or session reached an action in another one that it has no
 * authority for, and nobody approved the action since.
 *
 * Source: OWASP ASI06, ASI08; ATLAS AML.T0080.000.
 */
export const crossTraceInheritance: ActionRule = {
  id: 'D7',
  on: 'action',
  class: 'inheritance',
  sentence:
    'What an agent wrote in another task or session reached an action that it has no authority for.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action } = subject
  if (!effect(subject)) return undefined
  const writer = writers(subject).find(
    (influence) =>
      isElsewhere(influence, subject) &&
      placesOf(influence).length > 0 &&
      !placesOf(influence).every((place) => isGoverned(place, influence, subject)) &&
      gains(influence.agent, subject),
  )
  if (writer === undefined) return undefined
  const place = writer.resource === undefined ? '' : ` in ${writer.resource}`
  const does = what(action.call)
  return flowHit(subject, writer, {
    title: `what ${who(writer.agent)} wrote${place} reached ${does} by ${who(action.agent)} in another ${differs(writer.task, action.task) ? 'task' : 'session'}`,
    facts: [
      factOn(
        `${who(writer.agent)} wrote it in ${writer.task ?? 'another task'}${writer.session === undefined ? '' : `, session ${writer.session}`}`,
        ['action', writer.action],
        { kind: 'agent', id: writer.agent },
      ),
      fact(howItCame(writer, subject), 'action', action.id),
      fact(
        `no link or permission of ${who(writer.agent)} covers that, and nobody approved it since`,
        'agent',
        writer.agent,
      ),
    ],
    remedy: approvalRemedy(
      subject.registry.owner(action.agent)?.owner,
      subject,
      'given after it was read',
    ),
  })
}

/** Somebody accountable offers the place to that writer: a queue whose writers are known. */
function isGoverned(place: string, { agent, putAt }: Influence, { registry }: ActionCase): boolean {
  return registry.offers(place, agent, putAt / 1000)
}

function isElsewhere({ task, session }: Influence, { action }: ActionCase): boolean {
  return differs(task, action.task) || differs(session, action.session)
}

function differs(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}
