import { ownApproval } from '../../verify/authority.ts'
import { list, toolName, what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { fact } from '../definition/fact.ts'
import { giversOf } from '../definition/givers.ts'
import type { PriorUse } from '../definition/surroundings.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D11. Two operations that must not come together did: one agent, or agents of one owner in one task,
 * used both under roots of two principals, and nobody granted both.
 *
 * The later action is the one that is flagged. Exposure while they merely lay side by side,
 * inheritance where data went from the one to the other. Source: OWASP ASI02, ASI03, ASI08.
 */
export const toxicCombination: ActionRule = {
  id: 'D11',
  on: 'action',
  class: 'exposure',
  sentence:
    'Operations that must not come together did, under roots of two principals, and nobody granted both.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action, around, registry } = subject
  const root = giverOf(subject)
  if (!effect(subject) || root === undefined) return undefined
  const givers = giversOf(subject)
  const prior = [...around.conflicting]
    .sort((a, b) => Number(b.flowed) - Number(a.flowed) || a.at - b.at)
    .find((use) => isToxic(use, givers, subject))
  if (prior === undefined) return undefined
  const rule = registry.conflict(prior.tool, action.tool) ?? 'unnamed'
  const influence = around.influences.find((one) => one.action === prior.action)
  const does = what(action.call)
  const people = list([who(prior.root), who(root)])
  return {
    title: `${who(action.agent)} brought ${toolName(prior.tool)} and ${toolName(action.tool)} together, which ${people} granted apart`,
    facts: [
      fact(
        `${who(prior.agent)} did ${toolName(prior.tool)} on what ${who(prior.root)} granted`,
        'action',
        prior.action,
      ),
      fact(`${who(action.agent)} did ${does} on what ${who(root)} granted`, 'action', action.id),
      fact(
        `conflict rule ${rule} keeps them apart${prior.flowed ? ', and data went from the one to the other' : ''}`,
        'agent',
        action.agent,
      ),
    ],
    gained: action.agent,
    ...(prior.agent === action.agent ? {} : { from: prior.agent }),
    ...(prior.link === undefined ? {} : { culprit: { kind: 'link', id: prior.link } as const }),
    remedy: {
      kind: 'link',
      sentence: `a link or an approval of one principal, ${people}, for both operations in this task`,
      holder: action.agent,
      tool: action.tool,
      ...(action.task === undefined ? {} : { task: action.task }),
    },
    rests: [prior.grade],
    ...(influence === undefined ? {} : { flow: influence.path }),
    timeline: [{ at: prior.at, what: `${who(prior.agent)} did ${toolName(prior.tool)}` }],
    ...(prior.flowed
      ? {
          class: 'inheritance' as const,
          adjust: [{ by: 1, reason: 'data went from the one to the other' }],
        }
      : { fixed: 2 }),
  }
}

/** The principal on whose grant it rests: who approved it, who answers for the agent, or the root of its chain. */
function giverOf({ action, authority, registry }: ActionCase): string | undefined {
  if (authority.kind === 'approved') return ownApproval(action, registry)?.approver
  if (authority.kind === 'standing') return registry.owner(action.agent)?.owner
  return action.path.links[0]?.principal
}

/** Both were given, and nobody gave both: neither of the two principals nor a third, used or not. */
function isToxic(prior: PriorUse, givers: readonly string[], subject: ActionCase): boolean {
  const { action, registry } = subject
  const own = prior.flowed && prior.agent === action.agent
  const together = own || prior.task === action.task
  return (
    together &&
    prior.at < action.moment &&
    registry.conflict(prior.tool, action.tool) !== undefined &&
    prior.givers.length > 0 &&
    givers.length > 0 &&
    !prior.givers.some((giver) => givers.includes(giver))
  )
}
