import { GuardedFetchError } from '../../fetch/errors.ts'
import { LoginError } from './login-error.ts'

type Library = Pick<
  typeof import('openid-client'),
  'AuthorizationResponseError' | 'ClientError' | 'ResponseBodyError'
>

/** Error codes of RFC 6749 and of OpenID Connect Core 1.0: anything else is the word of a stranger. */
const CODES: ReadonlySet<string> = new Set([
  ...[
    'access_denied',
    'invalid_request',
    'invalid_scope',
    'server_error',
    'temporarily_unavailable',
  ],
  ...['unauthorized_client', 'unsupported_response_type', 'invalid_client', 'invalid_grant'],
  ...['unsupported_grant_type', 'interaction_required', 'login_required', 'consent_required'],
  ...['account_selection_required', 'invalid_target'],
])

/** What a failure is for the person who wanted to sign in, with a message for the log that holds no secret. */
export function whyNot(error: unknown, library: Library): LoginError {
  if (error instanceof LoginError) return error
  const unreachable = causeOf(error)
  if (unreachable !== undefined) {
    return new LoginError('unreachable', `the provider: ${unreachable.message}`, { cause: error })
  }
  if (error instanceof library.AuthorizationResponseError) {
    const code = codeOf(error.error)
    const isNo = code === 'access_denied'
    return new LoginError(isNo ? 'denied' : 'refused', `the provider answered ${code}`)
  }
  if (error instanceof library.ResponseBodyError) {
    const code = codeOf(error.error)
    const problem = code === 'invalid_grant' ? 'expired' : 'refused'
    return new LoginError(problem, `the provider's token endpoint answered ${code}`)
  }
  if (error instanceof library.ClientError) {
    const code = error.code ?? 'unknown'
    const problem = code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' ? 'unreachable' : 'not_believed'
    return new LoginError(problem, `the answer of the provider does not hold: ${code}`)
  }
  return new LoginError('refused', `it failed: ${error instanceof Error ? error.name : 'unknown'}`)
}

/** The guard's own word is somewhere below the library's. */
function causeOf(error: unknown): GuardedFetchError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof GuardedFetchError) return at
  }
  return undefined
}

function codeOf(code: string): string {
  return CODES.has(code) ? code : 'an unknown error'
}
