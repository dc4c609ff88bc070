import type { JudgedAction } from '../../verify/action.ts'
import { assertedIssuesOf, issuesOf } from '../../verify/credential.ts'
import type { Registry } from '../../verify/registry.ts'
import { list, what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { noTransfer } from '../definition/no-transfer.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D6. An agent presented a credential, or signed with a key, that was issued to another agent.
 *
 * Only hashes and thumbprints are compared; the secret never leaves the agent. To whom it was issued
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
  const { action, registry } = subject
  if (!effect(subject)) return undefined
  const borrowed = presentedCredential(action, registry) ?? borrowedKey(action, registry)
  if (borrowed === undefined) return undefined
  const { user, owners, id, word } = borrowed
  if (owners.some((owner) => !noTransfer(owner, user, subject))) return undefined
  const does = what(action.call)
  const named = list(owners.map(who))
  const owner = owners[0] ?? 'unknown'
  return {
    title: `${who(user)} did ${does} with ${word} of ${named}`,
    facts: [
      `${word} was issued to ${named}`,
      `${who(user)} presented it for ${does}`,
      `no record hands it to ${who(user)}`,
    ],
    gained: user,
    from: owner,
    source: { kind: 'credential', id, holder: owner, signature: 'valid' },
    culprit: { kind: 'credential', id },
    counterfactual: `${who(user)} would have been denied with a credential of its own: ${word} that it presented belongs to ${named}`,
    remedy: {
      kind: 'owner',
      sentence: `a registry entry that issues the credential to ${who(user)}, or a lease from ${named}`,
      holder: user,
      tool: action.tool,
    },
    adjust: [{ by: 1, reason: 'a credential can be used for everything that it opens' }],
  }
}

interface Borrowed {
  readonly user: string
  readonly owners: readonly string[]
  readonly id: string
  readonly word: string
}

function presentedCredential(action: JudgedAction, registry: Registry): Borrowed | undefined {
  const { credential, agent } = action
  if (credential === undefined) return undefined
  const signed = issuesOf(action.credentials, credential).flatMap(({ issuedTo }) => issuedTo)
  if (signed.includes(agent)) return undefined
  if (signed.length > 0) {
    const owners = [...new Set(signed)].sort()
    return { user: agent, owners, id: credential, word: 'a credential' }
  }
  const issued = registry.credential(credential)
  if (issued !== undefined) {
    if (issued.issuedTo.includes(agent)) return undefined
    return { user: agent, owners: issued.issuedTo, id: credential, word: 'a credential' }
  }
  const holder = registry.agentOfKey(credential)
  if (holder !== undefined) {
    if (holder === agent) return undefined
    return { user: agent, owners: [holder], id: credential, word: 'a key' }
  }
  const said = assertedIssuesOf(action.credentials, credential).flatMap(({ issuedTo }) => issuedTo)
  if (said.length === 0 || said.includes(agent)) return undefined
  return { user: agent, owners: [...new Set(said)].sort(), id: credential, word: 'a credential' }
}

/** The receipt is signed by a key that the registry knows as another agent's. */
function borrowedKey(action: JudgedAction, registry: Registry): Borrowed | undefined {
  const { receipt, facts } = action
  if (receipt.thumbprint === undefined || receipt.outcome.state !== 'ok') return undefined
  const holder = registry.agentOfKey(receipt.thumbprint)
  const user = facts.agent
  if (holder === undefined || user === undefined || holder === user) return undefined
  return { user, owners: [holder], id: receipt.thumbprint, word: 'the key' }
}
