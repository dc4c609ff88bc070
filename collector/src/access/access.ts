import type { AuthSettings } from './access-config.ts'
import { oidcTokens } from './oidc.ts'
import { type Secrets, staticTokens } from './tokens.ts'
import { LOCAL, type Viewer } from './viewer.ts'

/** Says who asks. */
export interface Access {
  /** Whether anybody is asked to say who they are. */
  readonly login: boolean
  /** By the `Authorization` header; undefined for nobody who is known here. */
  viewerOf(authorization: string | undefined): Promise<Viewer | undefined>
}

/** For loopback, where nobody is asked. */
export const NO_LOGIN: Access = { login: false, viewerOf: async () => LOCAL }

/** RFC 6750 section 2.1; the scheme is compared without regard to case (RFC 9110 section 11.1). */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/**
 * Whoever the configuration names, by static tokens and by those of an OpenID provider.
 *
 * @throws CollectorError `config_invalid`, `file_unreadable`
 */
export function openAccess(
  settings: AuthSettings | undefined,
  around: Secrets & {
    readonly clock: () => number
    readonly onError: (error: unknown) => void
  },
): Access {
  if (settings === undefined) return NO_LOGIN
  const { clock, onError } = around
  const known = staticTokens(settings.tokens, around)
  const { oidc } = settings
  const provided = oidc && oidcTokens({ settings: oidc, clock, onError })
  return {
    login: true,
    async viewerOf(authorization) {
      const token = BEARER.exec(authorization ?? '')?.[1]
      if (token === undefined) return undefined
      return known(token) ?? provided?.(token)
    },
  }
}
