import { viewerOf } from './claims.ts'
import { type ProviderOptions, providerTokens } from './provider-tokens.ts'
import type { Viewer } from './viewer.ts'

const LONGEST_TOKEN = 16 * 1024

/** Reads bearer tokens of an OpenID provider (RFC 9068). Undefined for whoever shows none that holds. */
export function oidcTokens(
  options: ProviderOptions,
): (token: string) => Promise<Viewer | undefined> {
  const { settings } = options
  const verify = providerTokens(options)
  return async (token) => {
    if (token.length > LONGEST_TOKEN || token.split('.').length !== 3) return undefined
    const claims = await verify(token, settings.audience, ['exp', settings.nameClaim])
    const viewer = claims && viewerOf(claims, settings)
    return viewer && { ...viewer, until: Number(claims?.exp) * 1000 }
  }
}
