import { canonicalize, isFault, type Json, LIMITS, openJwt, TYP } from '@delegraph/link'

/** A token of another kind as it may be told to a collector: never what somebody else could use. */
export interface DescribedToken {
  /** Compact JWT. Whole where it is bound to a key; without signature and reduced where it is not. */
  readonly text: string
  /** The DPoP proof of this very call, where the token is bound. */
  readonly proof?: string
}

/** The claims that say who delegated what to whom; all others stay here. */
const CLAIMS = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'client_id',
  'scope',
  'act',
] as const

/**
 * Describes the token that a call presents, for `act(..., { foreign: [...] })`: an OAuth access token
 * that is a JWT (RFC 9068) with its DPoP proof (RFC 9449), or a plain attenuating agent token. A token
 * that is bound to no key is a secret: it is told without its signature and by the claims that matter.
 * Undefined for a token that is no JWT, since such a one is nothing but a secret.
 */
export function describeToken(token: string, proof?: string): DescribedToken | undefined {
  const jwt = openJwt(token, LIMITS.artefactSize)
  if (isFault(jwt)) return undefined
  const { header, payload } = jwt
  if (isBound(payload['cnf'])) {
    const kept = proof === undefined || header['typ'] === TYP.link ? {} : { proof }
    return { text: token, ...kept }
  }
  const named = CLAIMS.flatMap((name): [string, Json][] => {
    const value = payload[name]
    return value === undefined ? [] : [[name, value]]
  })
  const { alg, typ } = header
  const head = { ...(alg === undefined ? {} : { alg }), ...(typ === undefined ? {} : { typ }) }
  return { text: `${encode(head)}.${encode(Object.fromEntries(named))}.` }
}

/** RFC 7800 and RFC 9449. A certificate's thumbprint is none of it: no proof of that key comes along. */
function isBound(cnf: Json | undefined): boolean {
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) return false
  const { jkt, jwk } = cnf as { readonly jkt?: Json; readonly jwk?: Json }
  return typeof jkt === 'string' || (typeof jwk === 'object' && jwk !== null)
}

function encode(value: Json): string {
  return Buffer.from(canonicalize(value)).toString('base64url')
}
