import type { IncomingHttpHeaders } from 'node:http'
import type { AuthSettings } from './access-config.ts'
import type { BrowserLogin } from './login/browser-login.ts'
import { oidcTokens } from './oidc.ts'
import { openStrangers, type Strangers } from './strangers.ts'
import { type Secrets, staticTokens } from './tokens.ts'
import { LOCAL, type Viewer } from './viewer.ts'

/** Says who asks. */
export interface Access {
  /** Whether anybody is asked to say who they are. */
  readonly login: boolean
  /**
   * By the `Authorization` header; undefined for nobody who is known here. Where there is none, a request that a page may
   * send says by its headers who is signed in; where they are not given no cookie counts.
   */
  viewerOf(
    authorization: string | undefined,
    page?: IncomingHttpHeaders,
  ): Promise<Viewer | undefined>
  /** Where people sign in with a browser, if they can. */
  readonly browser?: BrowserLogin
  /** Slows guessing; asked by `recognise`. Absent where nobody is asked who they are. */
  readonly strangers?: Strangers
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
    readonly browser?: BrowserLogin | undefined
    /** Credentials that nobody knows, a minute of each address; as many as come where absent. */
    readonly guesses?: number
  },
): Access {
  if (settings === undefined) return NO_LOGIN
  const { clock, onError, browser, guesses } = around
  const known = staticTokens(settings.tokens, around)
  const { oidc } = settings
  const provided = oidc && oidcTokens({ settings: oidc, clock, onError })
  return {
    login: true,
    async viewerOf(authorization, page) {
      if (authorization === undefined) return page && browser?.viewerOf(page)
      const token = BEARER.exec(authorization)?.[1]
      if (token === undefined) return undefined
      return known(token) ?? provided?.(token)
    },
    ...(browser === undefined ? {} : { browser }),
    ...(guesses === undefined ? {} : { strangers: openStrangers(guesses, clock) }),
  }
}
