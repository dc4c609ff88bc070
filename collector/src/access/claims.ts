import type { JWTPayload } from 'jose'
import type { OidcSettings } from './access-config.ts'
import { ROLES, type Role, type Viewer } from './viewer.ts'

/** What the claims of a provider say of somebody; undefined where they name nobody, or no tenant where one is asked for. */
export function viewerOf(
  claims: JWTPayload,
  settings: Pick<OidcSettings, 'nameClaim' | 'rolesClaim' | 'roles' | 'tenantClaim'>,
): Viewer | undefined {
  const name = claims[settings.nameClaim]
  if (typeof name !== 'string' || name === '' || name.length > 256) return undefined
  const granted = wordsOf(claims[settings.rolesClaim]).flatMap((word): readonly Role[] =>
    Object.hasOwn(settings.roles, word) ? (settings.roles[word] ?? []) : [],
  )
  const roles = ROLES.filter((role) => granted.includes(role))
  const { tenantClaim } = settings
  const tenant = tenantClaim === undefined ? 'default' : claims[tenantClaim]
  if (typeof tenant !== 'string') return undefined
  return { name, roles, tenant }
}

function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ')
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : []
}
