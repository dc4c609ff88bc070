import { carries, heldPaths, principalAtRoot } from '../../verify/auth.ts'
import { what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { endorses } from '../definition/endorsement.ts'
import { fact } from '../definition/fact.ts'
import type { ActionCase, ActionRule, Hit, LinkCase, LinkRule } from '../rule.ts'

/**
 * D15. A link or an action names another principal than the one at the root of its chain; or an agent
 * acts for one person on the standing permission that another one answers for.
 *
 * Nobody named is nobody substituted. Source: OWASP ASI03; RFC 8693.
 */
const SENTENCE =
  'A link or an action is for another principal than the one whose permission it uses.'

export const substitutedLink: LinkRule = {
  id: 'D15',
  on: 'link',
  class: 'inheritance',
  sentence: SENTENCE,
  check: checkLink,
}

export const substitutedAction: ActionRule = {
  id: 'D15',
  on: 'action',
  class: 'inheritance',
  sentence: SENTENCE,
  check: checkAction,
}

function checkLink({ link, path, registry }: LinkCase): Hit | undefined {
  const [root] = path.links
  const { principal } = link
  const altered = link.outcome.state === 'failed' && link.outcome.code === 'principal_altered'
  const whose = root === undefined ? undefined : principalAtRoot(root, registry)
  if (whose === undefined || principal === undefined || principal === whose) return undefined
  // Below the root it is told where it was altered: what it says under such a root is the root's word.
  if (!altered && link.signature !== 'missing' && link.parent !== undefined) return undefined
  return {
    title: `the link to ${who(link.delegate)} is for ${who(principal)}, its root for ${who(whose)}`,
    facts: [
      fact(`${who(whose)} stands at the root of the chain`, 'link', root?.hash ?? link.hash),
      fact(
        `the link from ${who(link.delegator)} to ${who(link.delegate)} names ${who(principal)}`,
        'link',
        link.hash,
      ),
    ],
    gained: link.delegate,
    from: link.delegator,
    culprit: { kind: 'link', id: link.hash },
    remedy: remedyOf(principal, link.delegate),
    ...graver(whose, principal, registry),
  }
}

function checkAction(subject: ActionCase): Hit | undefined {
  const { action, authority, context, registry } = subject
  if (!effect(subject)) return undefined
  const { links } = action.path
  const [root] = links
  const owner = registry.owner(action.agent)?.owner
  const whose =
    root === undefined
      ? authority.kind === 'standing'
        ? owner
        : undefined
      : principalAtRoot(root, registry)
  if (whose === undefined) return undefined
  const link = links.find(({ principal }) => principal !== undefined && principal !== whose)
  const named = action.onBehalfOf ?? link?.principal
  const given = named === '' || named === undefined ? link?.principal : named
  if (given === undefined || (given === whose && link === undefined)) return undefined
  const other = given === whose ? link?.principal : given
  if (other === undefined) return undefined
  const granted = heldPaths(action.agent, action.task, context).some(
    (path) =>
      path.links[0]?.principal === other && carries(path, action.call, action, context) === true,
  )
  const said = action.approvals.some(
    (record) => record.approver === other && endorses(record, subject),
  )
  if (granted || said) return undefined
  const agent = who(action.agent)
  const does = what(action.call)
  return {
    title: `${agent} did ${does} for ${who(other)} on what ${who(whose)} answers for`,
    facts: [
      fact(`${agent} did ${does} for ${who(other)}`, 'action', action.id),
      root === undefined
        ? fact(
            `it used its standing permission, which ${who(whose)} answers for`,
            'agent',
            action.agent,
          )
        : fact(`${who(whose)} stands at the root of the chain that it cites`, 'link', root.hash),
      fact(
        `no grant of ${who(other)} covers it, and nothing signed says that one stands for the other`,
        'action',
        action.id,
      ),
    ],
    gained: action.agent,
    ...(root === undefined
      ? {
          source: {
            kind: 'standing',
            id: action.agent,
            holder: action.agent,
            giver: whose,
            signature: 'valid',
          } as const,
        }
      : { culprit: { kind: 'link', id: link?.hash ?? links.at(-1)?.hash ?? root.hash } as const }),
    counterfactual: `for ${who(other)} alone ${agent} would have been denied: no grant of ${who(other)} covers ${does}`,
    remedy: { ...remedyOf(other, action.agent), tool: action.tool },
    ...graver(whose, other, registry),
  }
}

function remedyOf(principal: string, holder: string): Hit['remedy'] {
  return {
    kind: 'link',
    sentence: `a grant of ${who(principal)} to ${who(holder)}, or a signed statement of the switch`,
    issuer: principal,
    holder,
  }
}

function graver(
  whose: string,
  other: string,
  registry: ActionCase['registry'],
): Pick<Hit, 'adjust' | 'atLeast'> {
  const tenants = [whose, other].every((id) => registry.principal(id)?.kind === 'organisation')
  return {
    adjust: [{ by: 1, reason: 'it was done in the name of somebody else' }],
    ...(tenants ? { atLeast: 4 } : {}),
  }
}
