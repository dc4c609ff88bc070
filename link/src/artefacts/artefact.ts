import { OK, type Outcome, type OutcomeCode, outcomeOf } from '@delegraph/graph-schema'
import type { Typ } from '../constants.ts'
import { decodeUnverified, sizeLimit } from '../decode.ts'
import { LinkError } from '../errors.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { uuidv7 } from '../ids.ts'
import { isJsonObject, type JsonObject, parseCanonical } from '../json/parse-canonical.ts'
import { parsePublicJwk, thumbprintUri } from '../jwk.ts'
import {
  checkSignature,
  type Jws,
  openJws,
  signCompact,
  signingInputHash,
  textDigest,
} from '../jws.ts'
import { isKeyInTime } from '../key-time.ts'
import type { Signer } from '../signer.ts'
import { signersAmong } from '../signers.ts'
import type { Json, PublicJwk, TrustedIssuer } from '../types.ts'
import type { SignatureState } from '../verify/chain-link.ts'

/** What every artefact says. */
export interface ArtefactClaims {
  /** Absent only in a kind that is `unissued`. */
  readonly iss?: string
  readonly iat: number
}

/** How one kind of artefact is read. */
export interface ArtefactKind<Claims extends ArtefactClaims> {
  readonly typ: Typ
  /** What an unknown issuer is called. */
  readonly untrusted: OutcomeCode
  /** It has no `jti`. */
  readonly unnumbered?: true
  /** It has no `iss`: the link that it names says whose key signs it. */
  readonly unissued?: true
  parse(payload: JsonObject): Claims | Fault
}

export interface SignedArtefact<Claims> {
  readonly text: string
  /** SHA-256 of the signing input. */
  readonly hash: string
  readonly claims: Claims
}

export interface ArtefactVerdict<Claims> {
  readonly outcome: Outcome
  /** SHA-256 of the signing input; absent for a text that has not three parts or is too large. */
  readonly hash: string | undefined
  /** SHA-256 of the whole text. */
  readonly digest: string
  readonly signature: SignatureState
  /** What the text says, believed or not; absent where it cannot be read. */
  readonly claims: Claims | undefined
}

/** Signed under the holder's own key: `iss` is its thumbprint URI, and there is no `kid`. */
export interface HolderSigning<Claims> {
  readonly signer: Signer
  readonly claims: Omit<Claims, 'iss' | 'jti'> & { readonly jti?: string }
}

/** Signed by a service under a key that verifiers have configured. */
export interface ServiceSigning<Claims> {
  readonly signer: Signer
  readonly kid: string
  readonly claims: Omit<Claims, 'jti'> & { readonly jti?: string }
}

/** The key of the one holder that may have signed, or the services that may. */
export type SignedBy = PublicJwk | readonly TrustedIssuer[]

/** Throws `LinkError` for claims that no verifier would take. */
export function signArtefact<Claims extends ArtefactClaims>(
  kind: ArtefactKind<Claims>,
  as: { readonly signer: Signer; readonly kid?: string },
  claims: { readonly iat: number },
): SignedArtefact<Claims> {
  const jti = kind.unnumbered === true ? {} : { jti: uuidv7(claims.iat * 1000) }
  const issued = as.kid === undefined && kind.unissued !== true
  const iss = issued ? { iss: thumbprintUri(as.signer.jwk) } : {}
  const payload = { ...jti, ...claims, ...iss } as Json
  const parsed = isJsonObject(payload) ? kind.parse(payload) : fault('malformed')
  if (isFault(parsed))
    throw new LinkError('invalid_claims', `a verifier would refuse this ${kind.typ}`, {
      detail: parsed.detail,
    })
  const header = { alg: as.signer.alg, typ: kind.typ }
  const { text, hash } = signCompact(
    as.kid === undefined ? header : { ...header, kid: as.kid },
    payload,
    as.signer,
  )
  if (text.length > sizeLimit(kind.typ))
    throw new LinkError(
      'too_large',
      `this ${kind.typ} takes at most ${sizeLimit(kind.typ)} characters`,
    )
  return { text, hash, claims: parsed }
}

/**
 * Form, signature, claims: cheap first. A holder-signed text that another key made is
 * `holder_binding_failed`. Never throws, whatever the text is.
 */
export function verifyArtefact<Claims extends ArtefactClaims>(
  kind: ArtefactKind<Claims>,
  text: string,
  by: SignedBy,
): ArtefactVerdict<Claims> {
  const jws = openJws(text, { typ: [kind.typ], size: sizeLimit(kind.typ) })
  if (isFault(jws)) return refused(kind, text, jws, 'unchecked')
  const trusted = isIssuers(by) ? findService(kind, jws, by) : findHolder(jws, by)
  if (isFault(trusted)) {
    const tried = trusted.code === 'signature_invalid' || trusted.detail === 'signature'
    return refused(kind, text, trusted, tried ? 'invalid' : 'unchecked')
  }
  const claims = readPayload(kind, jws.payload)
  if (isFault(claims)) return refused(kind, text, claims, 'valid')
  const wrong = kind.unissued === true ? undefined : issuerFault(kind, trusted, claims)
  const outcome = wrong === undefined ? OK : outcomeOf(wrong.code, wrong.detail)
  return { outcome, hash: jws.hash, digest: textDigest(text), signature: 'valid', claims }
}

/** Who may call himself the issuer of a text whose signature holds. */
interface Trusted {
  readonly issuers: readonly Pick<TrustedIssuer, 'iss' | 'valid_from' | 'valid_until'>[]
  readonly otherwise: Fault
}

/** A key that was rotated out, or not yet in, vouches for nothing issued outside its time. */
function issuerFault<Claims extends ArtefactClaims>(
  kind: ArtefactKind<Claims>,
  trusted: Trusted,
  claims: Claims,
): Fault | undefined {
  const named = trusted.issuers.filter((issuer) => issuer.iss === claims.iss)
  if (named.length === 0) return trusted.otherwise
  const inTime = named.some((issuer) => isKeyInTime(issuer, claims.iat))
  return inTime ? undefined : fault(kind.untrusted, 'key_out_of_time')
}

function findHolder(jws: Jws, jwk: PublicJwk): Trusted | Fault {
  if (jws.header.kid !== undefined) return fault('malformed', 'header')
  const key = parsePublicJwk(jwk)
  if (isFault(key)) return key.code === 'weak_key' ? key : fault('key_unavailable')
  const wrong = checkSignature(jws, key)
  if (wrong !== undefined)
    return fault('holder_binding_failed', wrong.code === 'signature_invalid' ? 'signature' : 'alg')
  return {
    issuers: [{ iss: thumbprintUri(key.jwk) }],
    otherwise: fault('holder_binding_failed', 'issuer'),
  }
}

function findService<Claims extends ArtefactClaims>(
  kind: ArtefactKind<Claims>,
  jws: Jws,
  issuers: readonly TrustedIssuer[],
): Trusted | Fault {
  const { kid } = jws.header
  if (kid === undefined) return fault('malformed', 'header')
  const named = issuers.filter((issuer) => issuer.kid === kid)
  if (named.length === 0) return fault(kind.untrusted)
  const holding = signersAmong(jws, named)
  return isFault(holding) ? holding : { issuers: holding, otherwise: fault('issuer_mismatch') }
}

function readPayload<Claims extends ArtefactClaims>(
  kind: ArtefactKind<Claims>,
  payload: Uint8Array,
): Claims | Fault {
  const parsed = parseCanonical(payload)
  if (isFault(parsed)) return parsed
  return isJsonObject(parsed.value) ? kind.parse(parsed.value) : fault('malformed', 'not_object')
}

/** What a refused text says is kept for show. */
function refused<Claims extends ArtefactClaims>(
  kind: ArtefactKind<Claims>,
  text: unknown,
  why: Fault,
  signature: SignatureState,
): ArtefactVerdict<Claims> {
  const readable = typeof text === 'string' && text.length <= sizeLimit(kind.typ) ? text : ''
  return {
    outcome: outcomeOf(why.code, why.detail),
    hash: signingInputHash(readable),
    digest: textDigest(typeof text === 'string' ? text : ''),
    signature,
    claims: claimedIn(kind, readable),
  }
}

function claimedIn<Claims extends ArtefactClaims>(
  kind: ArtefactKind<Claims>,
  text: string,
): Claims | undefined {
  const decoded = decodeUnverified(text)
  if (isFault(decoded) || decoded.typ !== kind.typ) return undefined
  const claims = kind.parse(decoded.payload)
  return isFault(claims) ? undefined : claims
}

/** Array.isArray does not narrow readonly arrays. */
function isIssuers(by: SignedBy): by is readonly TrustedIssuer[] {
  return Array.isArray(by)
}
