import { UNKNOWN_AGENT } from '../../verify/action.ts'
import { isRooted, principalAtRoot } from '../../verify/auth.ts'
import { ownApproval } from '../../verify/authority.ts'
import { holds } from '../../verify/holds.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { fact, factOn } from '../definition/fact.ts'
import type { ActionCase, ActionRule, Hit, LinkCase, LinkRule } from '../rule.ts'

/**
 * D12. Nobody answers for an action: its root issuer is no accountable principal, its agent has no
 * live owner, or an instrumented agent acted without any chain or permission of its own.
 *
 * A weakness, not paged alone. Without a registry only an untrusted root and a missing chain can be
 * seen: the registry is what says who answers for whom. Source: OWASP ASI03, ASI10.
 */
const SENTENCE = 'Nobody accountable stands behind an action, or a link that nobody has used yet.'

export const orphanChain: ActionRule = {
  id: 'D12',
  on: 'action',
  class: 'exposure',
  sentence: SENTENCE,
  check,
}

export const orphanLink: LinkRule = {
  id: 'D12',
  on: 'link',
  class: 'exposure',
  sentence: SENTENCE,
  check: checkLink,
}

/** What was done under it is told there. */
function checkLink({ link, path, exercised, registry }: LinkCase): Hit | undefined {
  const { outcome } = link
  const stands = holds(outcome) || ('code' in outcome && outcome.code === 'issuer_untrusted')
  const root = path.complete && link.parent === undefined && stands
  if (!root || exercised.length > 0 || isRooted(path, registry)) return undefined
  const holder = who(link.delegate)
  return {
    title: `nobody answers for the link of ${holder}: its root is not accountable`,
    facts: [
      fact(`${who(link.delegator)} stands at its root`, 'link', link.hash),
      fact(`${holder} holds it and has not used it yet`, 'link', link.hash),
    ],
    gained: link.delegate,
    culprit: { kind: 'link', id: link.hash },
    remedy: { kind: 'owner', sentence: `a link to ${holder} from a registered principal` },
    fixed: 2,
  }
}

function check(subject: ActionCase): Hit | undefined {
  const { action } = subject
  if (!effect(subject) || action.grade === 'observed') return undefined
  // Who acted is not known yet: there is nobody to look for an owner of.
  if (action.agent === UNKNOWN_AGENT) return undefined
  const reason = rootProblem(subject) ?? ownerProblem(subject) ?? noChain(subject)
  if (reason === undefined) return undefined
  const agent = who(action.agent)
  return {
    title: `nobody answers for ${what(action.call)} by ${agent}: ${reason.short}`,
    facts: [
      factOn(reason.fact, ['link', reason.link], { kind: 'agent', id: action.agent }),
      fact(`${agent} did ${what(action.call)}`, 'action', action.id),
    ],
    gained: action.agent,
    ...(action.chain === undefined ? {} : { culprit: { kind: 'link', id: action.chain } }),
    remedy: reason.remedy,
    fixed: reading(subject) ? 2 : 3,
  }
}

interface Reason {
  readonly short: string
  readonly fact: string
  /** The root, where that is what nobody answers for. */
  readonly link?: string
  readonly remedy: Hit['remedy']
}

function rootProblem({ action, registry }: ActionCase): Reason | undefined {
  const { chain } = action.verdict
  const root = action.path.links[0]
  if (chain.state === 'unknown' && chain.code === 'issuer_untrusted') {
    return {
      short: 'its root issuer is not trusted here',
      fact: `no trust anchor is configured for ${root?.issuer ?? 'the root issuer'}`,
      ...(root === undefined ? {} : { link: root.hash }),
      remedy: { kind: 'owner', sentence: 'a trust anchor for the issuer, if it is yours' },
    }
  }
  const person = root === undefined ? undefined : principalAtRoot(root, registry)
  if (person === undefined || registry.version === '') return undefined
  const principal = registry.principal(person)
  if (principal !== undefined && !principal.disabled) return undefined
  return {
    short:
      principal === undefined ? 'its principal is not registered' : 'its principal is disabled',
    fact: `${who(person)} is ${principal === undefined ? 'not in' : 'disabled in'} registry version ${registry.version}`,
    ...(root === undefined ? {} : { link: root.hash }),
    remedy: {
      kind: 'owner',
      sentence: `a registry entry for ${who(person)} as a live principal`,
    },
  }
}

function ownerProblem({ action, registry }: ActionCase): Reason | undefined {
  if (registry.version === '') return undefined
  const entry = registry.owner(action.agent)
  const principal = entry === undefined ? undefined : registry.principal(entry.owner)
  const live =
    entry !== undefined &&
    principal !== undefined &&
    !principal.disabled &&
    (entry.until === undefined || action.at < entry.until)
  const grace = registry.graceOf(action.agent)
  if (live || (grace !== undefined && action.at < grace)) return undefined
  const agent = who(action.agent)
  return {
    short: `${agent} has no live owner`,
    fact: `registry version ${registry.version} names ${entry === undefined ? 'no owner' : 'no live owner'} for ${agent}`,
    remedy: {
      kind: 'owner',
      sentence: `a registry entry that names a live owner of ${agent}`,
      holder: action.agent,
    },
  }
}

function noChain({ action, authority, registry }: ActionCase): Reason | undefined {
  const named = authority.kind === 'none' || authority.kind === 'chain'
  if (action.link !== undefined || !named) return undefined
  if (ownApproval(action, registry) !== undefined) return undefined
  const agent = who(action.agent)
  return {
    short: 'it has no chain',
    fact: `${agent} is instrumented, cites no link, and has no standing permission for ${toolName(action.tool)}`,
    remedy: {
      kind: 'link',
      sentence: `a link to ${agent} that covers ${toolName(action.tool)}, or a standing grant of its owner`,
      holder: action.agent,
      tool: action.tool,
    },
  }
}

function reading({ action, registry }: ActionCase): boolean {
  const effect = registry.effect(action.tool)
  return effect === 'read' || effect === 'sensitive_read'
}
