import { what, who } from '../../verify/words.ts'
import { counterfactual } from '../definition/counterfactual.ts'
import { effect } from '../definition/effect.ts'
import { authorityFact, fact } from '../definition/fact.ts'
import { noAuthority } from '../definition/no-authority.ts'
import { noTransfer } from '../definition/no-transfer.ts'
import { linkRemedy } from '../definition/remedy.ts'
import { sourceOf, support } from '../definition/support.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D1. An agent acted on an approval that was given to another agent, nothing passed that permission
 * on to it, and nothing else grants it the action.
 *
 * Source: the definition of implicit privilege inheritance in docs/rules, with an approval as the
 * artefact; OWASP ASI03.
 *
 * Pattern, as Neo4j holds it:
 *
 *   MATCH (x:Action)-[:USED]->(p:Approval)-[:GIVEN_FOR]->(:Link)-[:HELD_BY]->(a:Agent),
 *         (x)-[:BY]->(b:Agent)
 *   WHERE a <> b RETURN x, p, a, b
 */
export const approvedActionInheritance: ActionRule = {
  id: 'D1',
  on: 'action',
  class: 'inheritance',
  sentence:
    'An agent acted on an approval that was given to another agent, and nothing else grants it the action.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action } = subject
  const { agent } = action
  if (!effect(subject) || !noAuthority(agent, subject)) return undefined
  const borrowed = support(subject).find(
    ({ kind, holder, covers }) =>
      kind === 'approval' && holder !== agent && covers && noTransfer(holder, agent, subject),
  )
  if (borrowed === undefined) return undefined
  const source = sourceOf(borrowed)
  const rider = who(agent)
  const owner = who(borrowed.holder)
  const giver = who(borrowed.giver ?? 'unknown')
  const does = what(action.call)
  return {
    title: `${rider} did ${does} on an approval that ${giver} gave to ${owner}`,
    facts: [
      fact(`${giver} approved ${does} for ${owner}`, 'approval', borrowed.id),
      fact(`${rider} did it and presented that approval`, 'action', action.id),
      authorityFact(subject),
    ],
    gained: agent,
    from: borrowed.holder,
    source,
    culprit: { kind: 'approval', id: borrowed.id },
    counterfactual: counterfactual(agent, subject, source),
    remedy: linkRemedy(
      borrowed.holder,
      agent,
      subject,
      `, or an approval of ${does} by ${giver} for ${rider}'s own link`,
    ),
    rests: [borrowed.grade],
  }
}
