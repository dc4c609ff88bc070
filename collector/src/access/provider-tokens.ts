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
import type { SourceAccess } from '../trust/source.ts'
import type { OidcSettings } from './access-config.ts'

export interface ProviderOptions {
  readonly settings: OidcSettings
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** Told why keys were not had; holds no token. */
  readonly onError: (error: unknown) => void
}

/** The claims of a token that holds for an audience and has the claims that are asked for; undefined for any other. */
export type VerifyToken = (
  token: string,
  audience: string,
  required: readonly string[],
) => Promise<JWTPayload | undefined>

/** Keys are asked for again after this time, and a key that is not known at most so often. */
const FRESH = 600_000
const COOL_DOWN = 30_000
export const CLOCK_SKEW = 30

/**
 * Verifies tokens of an OpenID provider (RFC 7519): signature by a key of its key set, algorithm by the
 * configuration, issuer, audience and time. Keys come from where the configuration says, never from where a
 * token says.
 */
export function providerTokens({ settings, clock, onError }: ProviderOptions): VerifyToken {
  const { issuer, algorithms } = settings
  const access = providerAccess(settings)
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

  return async (token, audience, required) => {
    const verify = async (): Promise<JWTPayload> => {
      if (keys === undefined) throw new errors.JWKSNoMatchingKey()
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: [...algorithms],
        requiredClaims: [...required],
        clockTolerance: CLOCK_SKEW,
        currentDate: new Date(clock()),
      })
      return payload
    }
    const waiting = refresh(keys === undefined ? COOL_DOWN : FRESH)
    if (keys === undefined) await waiting
    try {
      return await verify()
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) return undefined
    }
    // A key that came since: asked for once in a while, whoever presents what.
    await refresh(COOL_DOWN)
    try {
      return await verify()
    } catch {
      return undefined
    }
  }
}

/** Where what a provider publishes may be had from. */
export function providerAccess({
  issuer,
  hosts,
  allowAddresses,
  caFile,
}: Pick<OidcSettings, 'issuer' | 'hosts' | 'allowAddresses' | 'caFile'>): SourceAccess {
  return {
    hosts: [new URL(issuer).host, ...hosts],
    allowAddresses,
    ...(caFile === undefined ? {} : { caFile }),
  }
}
