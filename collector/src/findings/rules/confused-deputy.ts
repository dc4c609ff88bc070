import { couldAlone } from '../../verify/authority.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { type ActionCase, type ActionRule, executed, type Hit } from '../rule.ts'

/**
 * D3. An agent used its own standing permission because another agent asked, the one that asked has
 * no authority for the action, and the owner does not offer it to that caller.
 *
 * Source: Hardy, "The Confused Deputy" (1988); OWASP ASI03, ASI02. This is the caller half: a caller
 * is an agent that a signed receipt or a link names. Influence by data is not judged here.
 */
export const confusedDeputy: ActionRule = {
  id: 'D3',
  on: 'action',
  class: 'inheritance',
  sentence:
    'An agent used its standing permission for a caller that may not do this and to whom it is not offered.',
  check,
}

function check({ action, authority, context, registry }: ActionCase): Hit | undefined {
  if (!executed(action) || authority.kind !== 'standing') return undefined
  const { call, at, task } = action
  const caller = action.callers.find(
    (id) =>
      !couldAlone(id, call, action, task, context) &&
      !registry.exported(action.agent, id, call, at),
  )
  if (caller === undefined) return undefined
  const deputy = who(action.agent)
  const asker = who(caller)
  const does = what(call)
  const owner = registry.owner(action.agent)?.owner
  return {
    title: `${asker} got ${deputy} to do ${does}, which ${asker} may not do`,
    facts: [
      `${asker} asked ${deputy} for it`,
      `${deputy} did it by its own standing permission`,
      `no link or permission of ${asker} covers it, and it is not offered to ${asker}`,
    ],
    gained: caller,
    from: action.agent,
    source: { kind: 'standing', id: action.agent, holder: action.agent, signature: 'valid' },
    counterfactual: `${asker} alone would have been denied: no path or grant of ${asker} covers ${does} in this task; it passed on the standing permission of ${deputy}`,
    remedy: {
      kind: 'export',
      sentence: `an export of ${toolName(action.tool)} of ${deputy} to ${asker}${owner === undefined ? '' : `, signed by ${who(owner)}`}`,
      holder: caller,
      tool: action.tool,
      ...(owner === undefined ? {} : { issuer: owner }),
      ...(task === undefined ? {} : { task }),
    },
  }
}
