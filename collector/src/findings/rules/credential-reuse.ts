import type { JudgedAction } from '../../verify/action.ts'
import type { Registry } from '../../verify/registry.ts'
import { list, what, who } from '../../verify/words.ts'
import { credentialOwners } from '../definition/credential-owners.ts'
import { effect } from '../definition/effect.ts'
import { type Fact, fact } from '../definition/fact.ts'
import { noTransfer } from '../definition/no-transfer.ts'
import type { SecretSeen } from '../definition/surroundings.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D6. An agent presented a credential, or signed with a key, that was issued to another agent.
 *
 * Only hashes and thumbprints are compared; the secret never leaves the agent. Where nobody says to whom it was
 * issued, it belongs to the agent in whose output or memory it was first seen. To whom it was issued
 * is the word of its broker, signed for one task, or else of the registry; a credential that is issued
 * to several is no finding for any of them. Source: OWASP ASI03.
 */
export const credentialReuse: ActionRule = {
  id: 'D6',
  on: 'action',
  class: 'inheritance',
  sentence: 'An agent presented a credential, or signed with a key, that belongs to another agent.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action, around, registry } = subject
  if (!effect(subject)) return undefined
  const borrowed =
    presentedCredential(action, registry) ?? borrowedKey(action, registry) ?? foundSecret(subject)
  if (borrowed === undefined) return undefined
  const { user, owners, id, word, seen } = borrowed
  if (owners.some((owner) => !noTransfer(owner, user, subject))) return undefined
  const does = what(action.call)
  const named = list(owners.map(who))
  const owner = owners[0] ?? 'unknown'
  const moved = around.secret.find(({ agent, did }) => did === 'gave' && owners.includes(agent))
  return {
    title: `${who(user)} did ${does} with ${word} of ${named}`,
    facts: [
      seen === undefined
        ? fact(`${word} was issued to ${named}`, borrowed.kind, id)
        : sightingOf(seen),
      fact(`${who(user)} presented it for ${does}`, 'action', action.id),
      fact(`no record hands it to ${who(user)}`, 'agent', user),
    ],
    gained: user,
    from: owner,
    source: {
      ...{ kind: 'credential', id, holder: owner },
      signature: seen === undefined ? 'valid' : 'missing',
    },
    culprit: { kind: 'credential', id },
    counterfactual: `${who(user)} would have been denied with a credential of its own: ${word} that it presented belongs to ${named}`,
    remedy: {
      kind: 'owner',
      sentence: `a registry entry that issues the credential to ${who(user)}, or a lease from ${named}`,
      holder: user,
      tool: action.tool,
    },
    adjust: [{ by: 1, reason: 'a credential can be used for everything that it opens' }],
    ...(seen === undefined ? {} : { rests: [seen.grade] }),
    ...(moved === undefined ? {} : movement(moved, subject)),
  }
}

interface Borrowed {
  readonly user: string
  readonly owners: readonly string[]
  readonly id: string
  readonly word: string
  readonly kind: 'credential' | 'key'
  /** Where it was seen first, where nobody said to whom it was issued. */
  readonly seen?: SecretSeen
}

function presentedCredential(action: JudgedAction, registry: Registry): Borrowed | undefined {
  const owned = credentialOwners(action, registry)
  const { credential, agent } = action
  if (credential === undefined || owned === undefined || owned.owners.includes(agent))
    return undefined
  return { user: agent, id: credential, kind: 'credential', ...owned }
}

/**
 * A secret of which nobody says to whom it was issued, and that was first seen in what another agent gave away.
 * Whoever used it first had it of his own.
 */
function foundSecret({ action, around, registry }: ActionCase): Borrowed | undefined {
  const [seen] = around.secret
  const { credential, agent } = action
  if (credential === undefined || seen === undefined || seen.did === 'used') return undefined
  if (seen.agent === agent || credentialOwners(action, registry) !== undefined) return undefined
  return {
    user: agent,
    owners: [seen.agent],
    id: credential,
    kind: 'credential',
    word: 'a secret',
    seen,
  }
}

function sightingOf({ agent, resource, action }: SecretSeen): Fact {
  const where = resource === undefined ? '' : ` in ${resource}`
  return action === undefined
    ? fact(`it was first seen in what ${who(agent)} gave away${where}`, 'agent', agent)
    : fact(`it was first seen in what a call of ${who(agent)} gave back${where}`, 'action', action)
}

/** The way that it took, as far as it is recorded. */
function movement(
  { agent, at, secret, action: call, resource }: SecretSeen,
  { action }: ActionCase,
): Pick<Hit, 'flow' | 'timeline'> {
  const place = resource === undefined ? {} : { resource }
  const gave = { at, agent, did: 'gave', data: secret, ...place } as const
  return {
    flow: [
      call === undefined ? gave : { ...gave, action: call },
      { at: action.moment, agent: action.agent, did: 'got', data: secret },
    ],
    timeline: [{ at, what: `${who(agent)} gave the secret away` }],
  }
}

/** The receipt is signed by a key that the registry knows as another agent's. */
function borrowedKey(action: JudgedAction, registry: Registry): Borrowed | undefined {
  const { receipt, facts } = action
  if (receipt.thumbprint === undefined || receipt.outcome.state !== 'ok') return undefined
  const holder = registry.agentOfKey(receipt.thumbprint)
  const user = facts.agent
  if (holder === undefined || user === undefined || holder === user) return undefined
  return { user, owners: [holder], id: receipt.thumbprint, kind: 'key', word: 'the key' }
}
