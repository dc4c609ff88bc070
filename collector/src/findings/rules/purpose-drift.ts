import { purposeOf } from '../../verify/purpose.ts'
import { list, what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { type Fact, fact, factOn } from '../definition/fact.ts'
import type { ActionCase, ActionRule, Hit, LinkCase, LinkRule } from '../rule.ts'

/**
 * D13. A link or an action declares a purpose that is neither the chain's nor one below it in the
 * registry's taxonomy, or the action touches a resource whose class is for something else.
 *
 * Declared labels only: what a text means is not decided here. Without a taxonomy only equal purposes
 * agree; where nothing is declared nothing drifts. A class fits where it takes the chain's purpose in, or lies
 * within it. Source: OWASP ASI01, ASI02, ASI10.
 */
const SENTENCE =
  'A link or an action declares a purpose, or touches a resource, that does not lie within that of its chain.'

export const driftingLink: LinkRule = {
  id: 'D13',
  on: 'link',
  class: 'validity',
  sentence: SENTENCE,
  check: checkLink,
}

export const driftingAction: ActionRule = {
  id: 'D13',
  on: 'action',
  class: 'validity',
  sentence: SENTENCE,
  check: checkAction,
}

function checkLink({ link, path, registry }: LinkCase): Hit | undefined {
  const chain = purposeOf(path)
  const { purpose } = link
  if (chain === undefined || purpose === undefined || registry.isWithin(purpose, chain)) {
    return undefined
  }
  const taker = who(link.delegate)
  return {
    title: `the link to ${taker} is for ${purpose}, its chain for ${chain}`,
    facts: [
      fact(`the chain was granted for ${chain}`, 'link', path.links[0]?.hash ?? link.hash),
      fact(`${who(link.delegator)} gave ${taker} a link for ${purpose}`, 'link', link.hash),
    ],
    gained: link.delegate,
    from: link.delegator,
    culprit: { kind: 'link', id: link.hash },
    remedy: remedyOf(purpose, chain),
    atMost: 3,
  }
}

function checkAction(subject: ActionCase): Hit | undefined {
  const { action, registry } = subject
  if (!effect(subject)) return undefined
  const { links } = action.path
  const chain = purposeOf(action.path)
  if (chain === undefined) return undefined
  const drifts = (purpose: string | undefined): purpose is string =>
    purpose !== undefined && !registry.isWithin(purpose, chain)
  const link = links.find(({ purpose }) => drifts(purpose))
  const purpose = drifts(action.purpose) ? action.purpose : link?.purpose
  if (purpose === undefined) return resourceHit(subject, chain)
  const agent = who(action.agent)
  const does = what(action.call)
  return {
    title: `${agent} did ${does} for ${purpose} on a chain for ${chain}`,
    facts: [
      grantedFor(action, chain),
      link === undefined
        ? fact(`${agent} says that it did ${does} for ${purpose}`, 'action', action.id)
        : fact(`the link to ${who(link.delegate)} is for ${purpose}`, 'link', link.hash),
      fact(
        `${purpose} is not ${chain} and does not lie below it in registry version ${registry.version === '' ? 'none' : registry.version}`,
        'action',
        action.id,
      ),
    ],
    gained: action.agent,
    // Where no link drifts by itself it is the one that was used for something else.
    culprit: { kind: 'link', id: link?.hash ?? links.at(-1)?.hash ?? action.id },
    remedy: remedyOf(purpose, chain),
    atMost: 3,
  }
}

function grantedFor({ path, id }: ActionCase['action'], chain: string): Fact {
  const text = `the chain was granted for ${chain}`
  return factOn(text, ['link', path.links[0]?.hash], { kind: 'action', id })
}

/** The registry says what the resource is for, and it is neither below the chain's purpose nor above it. */
function resourceHit({ action, registry }: ActionCase, chain: string): Hit | undefined {
  const { resource } = action
  const classes = resource === undefined ? [] : registry.purposesOf(resource)
  const fits = classes.some(
    (kind) => registry.isWithin(kind, chain) || registry.isWithin(chain, kind),
  )
  if (resource === undefined || classes.length === 0 || fits) return undefined
  const agent = who(action.agent)
  const does = what(action.call)
  const kinds = list(classes)
  return {
    title: `${agent} did ${does} to ${resource}, which is for ${kinds}, on a chain for ${chain}`,
    facts: [
      grantedFor(action, chain),
      fact(`${agent} did ${does} to ${resource}`, 'action', action.id),
      fact(
        `${resource} is for ${kinds} by registry version ${registry.version}`,
        'action',
        action.id,
      ),
    ],
    gained: action.agent,
    culprit: { kind: 'link', id: action.path.links.at(-1)?.hash ?? action.id },
    remedy: {
      kind: 'owner',
      sentence: `a registry entry that lets ${resource} serve ${chain}, or a task amended by whoever granted it`,
    },
    atMost: 3,
  }
}

function remedyOf(purpose: string, chain: string): Hit['remedy'] {
  return {
    kind: 'owner',
    sentence: `a registry entry that puts ${purpose} below ${chain}, or a task amended by whoever granted it`,
  }
}
