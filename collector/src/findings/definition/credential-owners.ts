import type { JudgedAction } from '../../verify/action.ts'
import { assertedIssuesOf, issuesOf } from '../../verify/credential.ts'
import type { Registry } from '../../verify/registry.ts'

/** To whom something that can be presented was issued. */
export interface CredentialOwners {
  readonly owners: readonly string[]
  readonly word: 'a credential' | 'a key'
}

/**
 * To whom the credential that an action presented was issued: by its broker, else by the registry, as a registered
 * key, or by somebody's word. Undefined where nobody says.
 */
export function credentialOwners(
  { credential, credentials }: Pick<JudgedAction, 'credential' | 'credentials'>,
  registry: Registry,
): CredentialOwners | undefined {
  if (credential === undefined) return undefined
  const owned = (owners: readonly string[]): CredentialOwners => ({
    owners: [...new Set(owners)].sort(),
    word: 'a credential',
  })
  const signed = issuesOf(credentials, credential).flatMap(({ issuedTo }) => issuedTo)
  if (signed.length > 0) return owned(signed)
  const issued = registry.credential(credential)
  if (issued !== undefined) return { owners: issued.issuedTo, word: 'a credential' }
  const holder = registry.agentOfKey(credential)
  if (holder !== undefined) return { owners: [holder], word: 'a key' }
  const said = assertedIssuesOf(credentials, credential).flatMap(({ issuedTo }) => issuedTo)
  return said.length === 0 ? undefined : owned(said)
}
