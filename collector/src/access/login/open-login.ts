import { CollectorError } from '../../errors.ts'
import type { AuthSettings } from '../access-config.ts'
import type { Audit } from '../audit.ts'
import { providerTokens } from '../provider-tokens.ts'
import type { Secrets } from '../tokens.ts'
import { type BrowserLogin, CALLBACK, createBrowserLogin } from './browser-login.ts'
import type { LoginSettings } from './login-config.ts'
import { openProvider } from './provider.ts'
import { openSessions } from './sessions.ts'

export interface LoginSurroundings extends Secrets {
  /** Under which browsers reach the console. */
  readonly publicUrl: string | undefined
  readonly tenants: readonly string[]
  readonly isConsole: (path: string) => boolean
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly audit: Pick<Audit, 'note'>
  readonly onError: (error: unknown) => void
}

/**
 * Signing in with a browser, where the configuration has it.
 *
 * @throws CollectorError `config_invalid`, `file_unreadable`
 */
export function openLogin(
  auth: AuthSettings | undefined,
  around: LoginSurroundings,
): BrowserLogin | undefined {
  const { oidc } = auth ?? {}
  const { login } = oidc ?? {}
  if (oidc === undefined || login === undefined) return undefined
  const { publicUrl, tenants, isConsole, clock, audit, onError } = around
  if (publicUrl === undefined) {
    throw new CollectorError('config_invalid', 'api.publicUrl: auth.oidc.login needs it')
  }
  const { origin } = new URL(publicUrl)
  const secret = clientSecretOf(login, around)
  const provider = openProvider({
    ...{ oidc, login, clock, redirectUri: `${origin}${CALLBACK}` },
    verify: providerTokens({ settings: oidc, clock, onError }),
    ...(secret === undefined ? {} : { secret }),
  })
  const { idle, longest, maxSessions: max, endSession } = login
  const sessions = openSessions({ idle: idle * 1_000, longest: longest * 1_000, max, clock })
  return createBrowserLogin({
    ...{ provider, sessions, origin, tenants, isConsole, endSession, clock, audit, onError },
  })
}

/** Absent for a public client. @throws CollectorError `config_invalid`, `file_unreadable` */
export function clientSecretOf(
  { clientSecretFile, clientSecretEnv }: LoginSettings,
  { env, readSecret }: Secrets,
): string | undefined {
  if (clientSecretFile === undefined && clientSecretEnv === undefined) return undefined
  const secret =
    clientSecretFile === undefined ? env[clientSecretEnv ?? ''] : readSecret(clientSecretFile)
  if (secret === undefined || secret === '') {
    const name = clientSecretFile ?? clientSecretEnv
    throw new CollectorError('config_invalid', `auth.oidc.login: ${name} is empty`)
  }
  return secret
}
