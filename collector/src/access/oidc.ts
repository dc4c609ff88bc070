import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { getter, jwksUri } from '../trust/ask.ts'
import { readJson } from '../trust/key-set.ts'
import type { OidcSettings } from './access-config.ts'
import { ROLES, type Role, type Viewer } from './viewer.ts'

export interface OidcOptions {
  readonly settings: OidcSettings
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** Told why keys were not had; holds no token. */
  readonly onError: (error: unknown) => void
}

/** Keys are asked for again after this time, and a key that is not known at most so often. */
const FRESH = 600_000
const COOL_DOWN = 30_000
const CLOCK_SKEW = 30
const LONGEST_TOKEN = 16 * 1024

/**
 * Reads bearer tokens of an OpenID provider (RFC 9068, RFC 7519): signature by a key of its key set,
 * algorithm by the configuration, issuer, audience and time. Keys come from where the configuration
 * says, never from where a token says. Undefined for whoever shows none that holds.
 */
export function oidcTokens({
  settings,
  clock,
  onError,
}: OidcOptions): (token: string) => Promise<Viewer | undefined> {
  const { issuer, audience, algorithms, allowAddresses, caFile } = settings
  const access = {
    hosts: [new URL(issuer).host, ...settings.hosts],
    allowAddresses,
    ...(caFile === undefined ? {} : { caFile }),
  }
  let keys: JWTVerifyGetKey | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  const ask = async (): Promise<void> => {
    askedAt = clock()
    try {
      const get = getter(undefined)
      const uri = await jwksUri(issuer, access, get)
      const types = ['application/json', 'application/jwk-set+json']
      const { body } = await get(uri, access, types)
      keys = createLocalJWKSet(readJson(body) as unknown as JSONWebKeySet)
    } catch (error) {
      // The keys that are known stay good: the provider may be away for a while.
      onError(error)
    }
  }
  const refresh = (after: number): Promise<void> | undefined => {
    if (asking === undefined && clock() - askedAt >= after) {
      asking = ask().finally(() => {
        asking = undefined
      })
    }
    return asking
  }
  const verify = async (token: string): Promise<JWTPayload> => {
    if (keys === undefined) throw new errors.JWKSNoMatchingKey()
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      requiredClaims: ['exp', settings.nameClaim],
      clockTolerance: CLOCK_SKEW,
      currentDate: new Date(clock()),
    })
    return payload
  }

  return async (token) => {
    if (token.length > LONGEST_TOKEN || token.split('.').length !== 3) return undefined
    const waiting = refresh(keys === undefined ? COOL_DOWN : FRESH)
    if (keys === undefined) await waiting
    try {
      return viewerOf(await verify(token), settings)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) return undefined
    }
    // A key that came since: asked for once in a while, whoever presents what.
    await refresh(COOL_DOWN)
    try {
      return viewerOf(await verify(token), settings)
    } catch {
      return undefined
    }
  }
}

function viewerOf(payload: JWTPayload, settings: OidcSettings): Viewer | undefined {
  const name = payload[settings.nameClaim]
  if (typeof name !== 'string' || name === '' || name.length > 256) return undefined
  const granted = wordsOf(payload[settings.rolesClaim]).flatMap((word): readonly Role[] =>
    Object.hasOwn(settings.roles, word) ? (settings.roles[word] ?? []) : [],
  )
  const roles = ROLES.filter((role) => granted.includes(role))
  const { tenantClaim } = settings
  const tenant = tenantClaim === undefined ? 'default' : payload[tenantClaim]
  if (typeof tenant !== 'string') return undefined
  return { name, roles, tenant, until: Number(payload.exp) * 1000 }
}

function wordsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ')
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : []
}
