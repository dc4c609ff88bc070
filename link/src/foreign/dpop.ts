import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { claimReader, HASH } from '../claim-reader.ts'
import { LIMITS, MAX_IAT_SKEW } from '../constants.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { isJsonObject } from '../json/parse-canonical.ts'
import { type HolderKey, parsePublicJwk } from '../jwk.ts'
import { textDigest } from '../jws.ts'
import type { Alg, Json } from '../types.ts'
import { type ForeignJwt, jwtAlg, jwtSignatureFault, openJwt } from './open-jwt.ts'

/** `typ` of a proof, RFC 9449 section 4.2; compared exactly. */
export const DPOP_TYP = 'dpop+jwt'

/** What a proof is held against. */
export interface DpopContext {
  /** The access token that it goes with, whole. */
  readonly token: string
  /** Thumbprint that the token is bound to, `cnf.jkt`. */
  readonly jkt: string
  /** Method and address of the request, where they are known. */
  readonly htm?: string
  readonly htu?: string
  /** NumericDate of the request, where it is known. */
  readonly at?: number
  /** Seconds that `iat` may lie from `at`; 60 where absent. */
  readonly window?: number
}

export interface DpopVerdict {
  readonly outcome: Outcome
  /** Thumbprint of the key that signed it, where the signature holds. */
  readonly jkt?: string
  readonly jti?: string
  readonly iat?: number
  readonly notChecked: readonly string[]
}

const WINDOW = 60

/**
 * Verifies a proof of possession, RFC 9449 section 4.3: the key in its header signed it, the token is
 * bound to that key, and it was made for this token (`ath`). It is the one header in which a key is
 * read, because the key counts for nothing until the token names its thumbprint. Never throws.
 */
export function verifyDpop(text: unknown, context: DpopContext): DpopVerdict {
  const notChecked = [
    ...(context.htm === undefined ? ['htm'] : []),
    ...(context.htu === undefined ? ['htu'] : []),
    ...(context.at === undefined ? ['iat'] : []),
    'jti',
  ]
  const refused = (why: Fault): DpopVerdict => ({
    outcome: outcomeOf(why.code, why.detail),
    notChecked,
  })
  const jwt = openJwt(text, LIMITS.linkSize)
  if (isFault(jwt)) return refused(jwt)
  if (jwt.header['typ'] !== DPOP_TYP) return refused(fault('type_invalid'))
  const alg = jwtAlg(jwt)
  if (typeof alg !== 'string') return refused(alg)
  const key = headerKey(jwt.header['jwk'], alg)
  if (isFault(key)) return refused(key)
  const wrong = jwtSignatureFault(jwt, key, alg)
  if (wrong !== undefined) return refused(wrong)
  const claims = readClaims(jwt)
  if (isFault(claims)) return refused(claims)
  const { jti, iat } = claims
  const misfit = misfitOf(claims, key, context)
  const outcome = misfit === undefined ? OK : outcomeOf(misfit.code, misfit.detail)
  return { outcome, jkt: key.jkt, jti, iat, notChecked }
}

/** What a proof names itself by before anything of it is verified, to find where else it was used. */
export function dpopId(text: string): string | undefined {
  const jwt = openJwt(text, LIMITS.linkSize)
  if (isFault(jwt) || jwt.header['typ'] !== DPOP_TYP) return undefined
  const alg = jwtAlg(jwt)
  const key = typeof alg === 'string' ? headerKey(jwt.header['jwk'], alg) : alg
  const { jti } = jwt.payload
  return isFault(key) || typeof jti !== 'string' ? undefined : `${key.jkt} ${jti.slice(0, 512)}`
}

/** A public key; `alg` is seldom in it, and is that of the header. */
function headerKey(jwk: Json | undefined, alg: Alg): HolderKey | Fault {
  if (jwk === undefined || !isJsonObject(jwk)) return fault('malformed', 'jwk')
  const key = parsePublicJwk({ ...jwk, alg })
  return isFault(key) && key.code === 'malformed' ? fault('malformed', 'jwk') : key
}

interface DpopClaims {
  readonly jti: string
  readonly htm: string
  readonly htu: string
  readonly iat: number
  readonly ath: string
}

function readClaims({ payload }: ForeignJwt): DpopClaims | Fault {
  const reader = claimReader(payload)
  const claims = {
    jti: reader.text('jti'),
    htm: reader.text('htm'),
    htu: reader.text('htu', 2048),
    iat: reader.int('iat'),
    ath: reader.matching('ath', HASH),
  }
  return reader.fault ?? claims
}

function misfitOf(claims: DpopClaims, key: HolderKey, context: DpopContext): Fault | undefined {
  if (key.jkt !== context.jkt) return fault('holder_binding_failed', 'jkt')
  if (claims.ath !== textDigest(context.token)) return fault('holder_binding_failed', 'ath')
  if (context.htm !== undefined && claims.htm !== context.htm)
    return fault('receipt_mismatch', 'htm')
  if (context.htu !== undefined && !sameAddress(claims.htu, context.htu))
    return fault('receipt_mismatch', 'htu')
  const { at, window = WINDOW } = context
  if (at !== undefined && Math.abs(claims.iat - at) > Math.max(window, MAX_IAT_SKEW))
    return fault('late_evidence', 'iat')
  return undefined
}

/** RFC 9449 section 4.3, 9: the same address, query and fragment aside, after normalisation. */
function sameAddress(named: string, called: string): boolean {
  const [a, b] = [named, called].map((text) => {
    if (!URL.canParse(text)) return undefined
    const { origin, pathname } = new URL(text)
    return `${origin}${pathname}`
  })
  return a !== undefined && a === b
}
