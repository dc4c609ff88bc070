/** Why somebody was not signed in; the console has a sentence for each, and nothing else of an answer reaches a page. */
export const SIGN_IN_PROBLEMS = [
  /** Begun too long ago, in another browser or before a restart, or answered once already. */
  'expired',
  /** The person, or the provider, said no. */
  'denied',
  /** The provider answers, and not with a sign-in. */
  'refused',
  /** The provider does not answer. */
  'unreachable',
  /** What it answered does not hold: another issuer, audience, nonce, key or time. */
  'not_believed',
  /** It holds, and names nobody or a tenant that is not here. */
  'unknown',
  /** Too many at once. */
  'busy',
] as const
export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number]
