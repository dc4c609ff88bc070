import { argumentTexts, toolName, what, who } from '../../verify/words.ts'
import { type ActionCase, type ActionRule, executed, type Hit } from '../rule.ts'

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

function check({ action, authority }: ActionCase): Hit | undefined {
  if (!executed(action) || authority.kind !== 'none') return undefined
  const source = authority.source
  if (source === undefined || source.kind !== 'approval') return undefined
  const approval = action.approvals.find((record) => record.hash === source.id)
  if (approval === undefined || approval.tool !== action.tool) return undefined

  const rider = who(action.agent)
  const owner = who(source.holder)
  const giver = who(approval.approver)
  const does = what(action.call)
  const constraints = argumentTexts(action.call).map((text) => text.replace(' ', ' = '))
  return {
    title: `${rider} did ${does} on an approval that ${giver} gave to ${owner}`,
    facts: [
      `${giver} approved ${does} for ${owner}, by an approval bound to the link that ${owner} holds`,
      `${rider} did it and presented that approval`,
      authority.sentence,
    ],
    gained: action.agent,
    from: source.holder,
    source,
    culprit: { kind: 'approval', id: source.id },
    counterfactual: `${rider} alone would have been denied: no link or permission of ${rider} covers ${does} in this task; it passed on the approval that ${giver} gave to ${owner}`,
    remedy: {
      kind: 'link',
      sentence: `a link from ${owner} to ${rider} that covers ${toolName(action.tool)}, or an approval of ${does} by ${giver} for ${rider}'s own link`,
      issuer: source.holder,
      holder: action.agent,
      tool: action.tool,
      constraints,
      ...(action.task === undefined ? {} : { task: action.task }),
    },
  }
}
