import { holds } from '../../verify/holds.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { counterfactual } from '../definition/counterfactual.ts'
import { effect } from '../definition/effect.ts'
import { endorses } from '../definition/endorsement.ts'
import { fact } from '../definition/fact.ts'
import type { Influence } from '../definition/influence.ts'
import { overlaps } from '../definition/overlap.ts'
import { approvalRemedy } from '../definition/remedy.ts'
import { gradesOf, sourceOf, support } from '../definition/support.ts'
import type { Denial } from '../definition/surroundings.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'
import { AFTER_DENIAL } from '../severity.ts'

/**
 * D4. An agent was refused an operation, and another agent of the same task or chain, or one that its
 * data had reached, did it all the same; nobody who knew of the refusal said yes.
 *
 * What the other agent holds does not matter: the no was said about the operation. A controller that
 * merely lacks a right was refused nothing. Source: OWASP ASI03, ASI10.
 */
export const denyLaundering: ActionRule = {
  id: 'D4',
  on: 'action',
  class: 'inheritance',
  sentence:
    'What one agent was refused another one did, and nobody who knew of the refusal had said yes.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action, around } = subject
  if (!effect(subject)) return undefined
  const denial = around.denials.find((record) => launders(record, subject))
  if (denial === undefined) return undefined
  const denied =
    [denial.caller, denial.agent].find((id) => id !== undefined && id !== action.agent) ?? 'unknown'
  const doer = who(action.agent)
  const does = what(action.call)
  const covering = support(subject).find(({ covers }) => covers)
  const source = covering === undefined ? undefined : sourceOf(covering)
  const influence = influenceOf(denial, subject)
  const seconds = Math.round((action.moment - denial.moment) / 1000)
  return {
    title: `${who(denied)} was refused ${toolName(action.tool)}, and ${doer} did ${does}`,
    facts: [
      fact(
        `${who(denial.issuer)} refused ${toolName(action.tool)} to ${who(denied)}`,
        denial.isCall === true ? 'action' : 'decision',
        denial.hash,
      ),
      fact(
        `${doer} did ${does} ${seconds} s later, ${relationOf(denial, subject) ?? 'in the same task'}`,
        'action',
        action.id,
      ),
      fact('no approval that refers to the refusal came between', 'action', action.id),
    ],
    gained: denied,
    from: action.agent,
    ...(source === undefined ? {} : { source }),
    culprit: { kind: 'decision', id: denial.hash },
    counterfactual: counterfactual(denied, subject, source),
    remedy: approvalRemedy(
      subject.registry.owner(action.agent)?.owner,
      subject,
      'by somebody who was shown the refusal',
    ),
    rests: gradesOf(denial),
    adjust: [{ by: 1, reason: AFTER_DENIAL }],
    ...(influence === undefined ? {} : { flow: influence.path }),
    timeline: [
      { at: denial.moment, what: `${toolName(action.tool)} was refused to ${who(denied)}` },
    ],
  }
}

function launders(denial: Denial, subject: ActionCase): boolean {
  const { action } = subject
  const refused = [denial.agent, denial.caller]
  return (
    denial.verdict === 'deny' &&
    holds(denial.outcome) &&
    denial.moment < action.moment &&
    refused.some((id) => id !== undefined && id !== action.agent) &&
    overlaps(denial, action) &&
    relationOf(denial, subject) !== undefined &&
    !isLifted(denial, subject)
  )
}

/** How the action hangs together with the refusal. */
function relationOf(denial: Denial, subject: ActionCase): string | undefined {
  const { action } = subject
  if (denial.chain !== undefined && denial.chain === action.chain) return 'on the same chain'
  if (denial.task !== undefined && denial.task === action.task) return 'in the same task'
  const influence = influenceOf(denial, subject)
  return influence === undefined
    ? undefined
    : `after data of ${who(influence.agent)} had reached it`
}

/** Data of whoever was refused, or of whom it was refused for, that reached the action since. */
function influenceOf(denial: Denial, { around }: ActionCase): Influence | undefined {
  return around.influences.find(
    ({ agent, reachedAt }) =>
      (agent === denial.agent || agent === denial.caller) && reachedAt > denial.moment,
  )
}

/** Somebody said yes knowing of the refusal; a later allow of an enforcement point endorses nothing. */
function isLifted(denial: Denial, subject: ActionCase): boolean {
  return subject.action.approvals.some(
    (record) =>
      record.after === denial.hash && record.moment >= denial.moment && endorses(record, subject),
  )
}
