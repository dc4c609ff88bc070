import { CALLBACK, SIGN_IN } from '../../access/login/browser-login.ts'
import { clientSecretOf } from '../../access/login/open-login.ts'
import { providerAccess } from '../../access/provider-tokens.ts'
import { type Config, readSecret } from '../../config.ts'
import { getter, issuerMetadata } from '../../trust/ask.ts'
import { type Check, failed, messageOf, ok, warning } from './check.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Whether the OpenID provider answers, and can be asked for all that a sign-in takes. */
export async function loginChecks({ auth, api }: Config, env: Env): Promise<Check[]> {
  const { oidc } = auth ?? {}
  if (oidc === undefined) return []
  const { login, issuer } = oidc
  const access = providerAccess(oidc)
  try {
    if (login !== undefined) clientSecretOf(login, { env, readSecret })
  } catch (error) {
    return [failed('login', messageOf(error), 'put the secret of the client there')]
  }
  let metadata: Readonly<Record<string, unknown>>
  try {
    metadata = await issuerMetadata(issuer, access, getter(undefined))
  } catch (error) {
    return [
      failed('login', `${issuer}: ${messageOf(error)}`, 'nobody can sign in; see auth.oidc.issuer'),
    ]
  }
  const asked = [
    'jwks_uri',
    ...(login === undefined ? [] : ['token_endpoint']),
    ...(login?.userinfo === true ? ['userinfo_endpoint'] : []),
  ]
  const problems = asked.flatMap((name): Check[] => {
    const url = metadata[name]
    if (typeof url !== 'string' || !URL.canParse(url)) {
      return [failed('login', `${issuer} names no ${name}`, 'it cannot be used for this')]
    }
    const { host, protocol } = new URL(url)
    if (protocol === 'https:' && access.hosts.includes(host)) return []
    return [failed('login', `${name} is at ${host}`, `add ${host} to auth.oidc.hosts`)]
  })
  if (problems.length > 0) return problems
  if (login === undefined) return [ok('login', `${issuer} answers`)]
  const { code_challenge_methods_supported: methods } = metadata
  if (!Array.isArray(methods) || !methods.includes('S256')) {
    return [
      warning(
        'login',
        `${issuer} does not say that it checks PKCE`,
        'ask whoever runs it for S256',
      ),
    ]
  }
  const { origin } = new URL(api.publicUrl ?? '')
  const after =
    metadata['end_session_endpoint'] === undefined
      ? ''
      : `, and ${origin}${SIGN_IN} for after a sign-out`
  return [ok('login', `${issuer} answers; register ${origin}${CALLBACK}${after}`)]
}
