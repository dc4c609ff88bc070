import { readFile } from 'node:fs/promises'
import type { Configuration, CustomFetch } from 'openid-client'
import { guardedExchange } from '../../fetch/guarded-exchange.ts'
import type { OidcSettings } from '../access-config.ts'
import { viewerOf } from '../claims.ts'
import { CLOCK_SKEW, providerAccess, type VerifyToken } from '../provider-tokens.ts'
import type { Viewer } from '../viewer.ts'
import type { Flow } from './flow-seal.ts'
import type { LoginSettings } from './login-config.ts'
import { LoginError } from './login-error.ts'
import { whyNot } from './why-not.ts'

/** The provider, as a sign-in with a browser needs it. Each throws LoginError. */
export interface Provider {
  /** A sign-in that begins, and where the browser goes for it. */
  begin(to: string): Promise<{ readonly flow: Flow; readonly url: URL }>
  /** Who came back. `callback` is the redirect URI with the answer in its query. */
  finish(callback: URL, flow: Flow): Promise<Viewer>
  /** Where a browser signs out of the provider; undefined where it does not say. */
  endSession(after: string): Promise<URL | undefined>
}

export interface ProviderSettings {
  readonly oidc: OidcSettings
  readonly login: LoginSettings
  /** Absent for a public client. */
  readonly secret?: string
  readonly redirectUri: string
  readonly verify: VerifyToken
  /** Epoch milliseconds. */
  readonly clock: () => number
}

const FRESH = 600_000
const COOL_DOWN = 5_000
const MAX_ANSWER = 256 * 1024

/**
 * The Authorization Code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0) by `openid-client`, which
 * reaches the provider by the guarded fetch alone. The ID token is verified once more by the code that verifies bearer
 * tokens, with the same algorithms and keys; its claims are read by the code that reads theirs. Tokens are dropped
 * here.
 */
export function openProvider(settings: ProviderSettings): Provider {
  const { oidc, login, secret, redirectUri, verify, clock } = settings
  const { issuer, nameClaim } = oidc
  // Loaded where there is such a login, and only then.
  const library = import('openid-client')
  let known: Configuration | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined
  let failed: unknown

  const ask = async (): Promise<void> => {
    askedAt = clock()
    const client = await library
    const authentication =
      secret === undefined
        ? client.None()
        : login.clientAuthentication === 'client_secret_post'
          ? client.ClientSecretPost(secret)
          : client.ClientSecretBasic(secret)
    try {
      const metadata = { [client.clockTolerance]: CLOCK_SKEW }
      const over = { [client.customFetch]: guarded(oidc) }
      known = await client.discovery(
        new URL(issuer),
        login.clientId,
        metadata,
        authentication,
        over,
      )
      failed = undefined
    } catch (error) {
      // What is known stays good: the provider may be away for a while.
      failed = error
    }
  }
  const configuration = async (): Promise<Configuration> => {
    if (clock() - askedAt >= (known === undefined ? COOL_DOWN : FRESH)) {
      asking ??= ask().finally(() => {
        asking = undefined
      })
    }
    if (known === undefined) await asking
    if (known === undefined) throw whyNot(failed, await library)
    return known
  }

  return {
    async begin(to) {
      const config = await configuration()
      const client = await library
      const flow = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        to,
      }
      try {
        const url = client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: login.scopes.join(' '),
          state: flow.state,
          nonce: flow.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
          code_challenge_method: 'S256',
        })
        return { flow, url: onlyHttps(url) }
      } catch (error) {
        throw whyNot(error, client)
      }
    },
    async finish(callback, { state, nonce, verifier }) {
      const config = await configuration()
      const client = await library
      try {
        const tokens = await client.authorizationCodeGrant(config, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const claims = await verify(tokens.id_token ?? '', login.clientId, ['exp', 'iat', 'sub'])
        if (claims === undefined) {
          throw new LoginError('not_believed', 'the ID token does not verify')
        }
        const more = login.userinfo
          ? await client.fetchUserInfo(config, tokens.access_token, String(claims.sub))
          : {}
        const viewer = viewerOf({ ...more, ...claims }, oidc)
        if (viewer !== undefined) return viewer
        throw new LoginError('unknown', `the claims have no ${nameClaim}, or no tenant`)
      } catch (error) {
        throw whyNot(error, client)
      }
    },
    async endSession(after) {
      const config = await configuration()
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined
      const client = await library
      // Without `id_token_hint`: the ID token would go through the browser.
      return onlyHttps(client.buildEndSessionUrl(config, { post_logout_redirect_uri: after }))
    },
  }
}

/** The fetch of the library: only hosts of the configuration, with limits, and without redirects. */
function guarded(oidc: OidcSettings): CustomFetch {
  const { hosts, allowAddresses, caFile } = providerAccess(oidc)
  return async (url, { method, headers, body, signal }) => {
    const ca = caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') }
    const sent = { method, headers, ...(body == null ? {} : { body: textOf(body) }) }
    const guard = { hosts, allowAddresses, maxBytes: MAX_ANSWER, ...ca }
    const answer = await guardedExchange(
      url,
      sent,
      signal === undefined ? guard : { ...guard, signal },
    )
    // No body may be given for these, not even an empty one.
    const isEmpty = answer.status === 204 || answer.status === 205
    return new Response(isEmpty ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: answer.contentType === '' ? {} : { 'content-type': answer.contentType },
    })
  }
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  throw new TypeError('a body of this kind is not sent')
}

/** Where a browser is sent: metadata must not lead it to another scheme. */
function onlyHttps(url: URL): URL {
  if (url.protocol === 'https:') return url
  throw new LoginError('refused', 'the provider names an address that is not https')
}
