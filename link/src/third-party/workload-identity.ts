import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { claimReader, present } from '../claim-reader.ts'
import { LIMITS, THIRD_PARTY_TYP } from '../constants.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import { type HolderKey, parsePublicJwk } from '../jwk.ts'
import { isKeyInTime } from '../key-time.ts'
import type { AttestedIdentity } from '../trust.ts'
import type { Json, TrustedIssuer } from '../types.ts'
import { formOf, openThirdParty, signersOf, type ThirdPartyForm } from './jwt.ts'

export interface WorkloadIdentityVerdict extends ThirdPartyForm {
  readonly outcome: Outcome
  /** Who it says holds which key, believed only where the outcome is ok; absent where it cannot be read. */
  readonly identity?: AttestedIdentity
}

/**
 * Verifies a workload identity token: WIMSE's WIT (draft-ietf-wimse-workload-creds-02) or SPIFFE's
 * WIT-SVID. It counts where an issuer of the very trust domain of its `sub` signed it. Whether it held
 * when something was done is for the caller. Never throws, whatever the text is.
 */
export function verifyWorkloadIdentity(
  text: string,
  issuers: readonly TrustedIssuer[],
): WorkloadIdentityVerdict {
  const form = formOf(text, LIMITS.artefactSize)
  const refused = ({ code, detail }: Fault): WorkloadIdentityVerdict => ({
    ...form,
    outcome: outcomeOf(code, detail),
  })
  const size = LIMITS.artefactSize
  const jwt = openThirdParty(text, { typ: [THIRD_PARTY_TYP.workloadIdentity], size })
  if (isFault(jwt)) return refused(jwt)
  const claims = parseIdentity(jwt.payload)
  const signers = signersOf(jwt, issuers)
  if (isFault(signers)) return { ...refused(signers), ...shown(claims, '') }
  if (isFault(claims)) return refused(claims)
  const trusted = trustedBy(claims, signers, jwt.header.kid)
  if (isFault(trusted)) return { ...refused(trusted), ...shown(claims, '') }
  return { ...form, outcome: OK, ...shown(claims, trusted.iss) }
}

/**
 * Which of those whose key signed it may speak for its `sub`. Two trust domains are never one, though the
 * same key be configured for both.
 */
function trustedBy(
  claims: IdentityClaims,
  signers: readonly TrustedIssuer[],
  kid: string | undefined,
): TrustedIssuer | Fault {
  const ofDomain = signers.filter(({ iss }) => isOfDomain(claims.sub, iss))
  if (ofDomain.length === 0) return fault('issuer_mismatch', 'domain')
  const named = ofDomain.filter(({ iss }) => isSpiffe(iss) || [undefined, iss].includes(claims.iss))
  const [first] = named
  if (first === undefined) return fault('issuer_mismatch')
  // WIT-SVID asks for a key id and for no audience; WIMSE leaves both open.
  if (isSpiffe(first.iss) && kid === undefined) return fault('malformed', 'header')
  if (isSpiffe(first.iss) && claims.hasAudience) return fault('malformed', 'aud')
  // A token that does not say when it was made may be as young as its end allows.
  const issued = claims.iat ?? claims.nbf ?? claims.exp - 1
  const inTime = named.find((issuer) => isKeyInTime(issuer, issued))
  return inTime ?? fault('issuer_untrusted', 'key_out_of_time')
}

/**
 * `sub` is a URI whose authority is the trust domain: that of the issuer, or its host where an issuer is
 * named by an https address. A SPIFFE domain speaks for SPIFFE ids alone.
 */
function isOfDomain(sub: string, iss: string): boolean {
  const [subject, issuer] = [URI.exec(sub), URI.exec(iss)]
  if (subject === null || issuer === null || subject[3] === undefined) return false
  const [, scheme, domain] = subject
  const [, issuerScheme, issuerDomain] = issuer
  if (domain !== issuerDomain) return false
  return issuerScheme === 'https' || scheme === issuerScheme
}

function isSpiffe(iss: string): boolean {
  return iss.startsWith('spiffe://')
}

/** Scheme, authority, path; a workload has a path, a trust domain has none. */
const URI = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9._-]+(?::\d+)?)(\/[\x21-\x7e]+)?\/?$/

interface IdentityClaims {
  readonly sub: string
  readonly exp: number
  readonly holder: HolderKey
  readonly hasAudience: boolean
  readonly iss?: string
  readonly nbf?: number
  readonly iat?: number
}

/**
 * WIT-SVID says that `iat` limits no acceptance. Here the question is about the past: a token says
 * nothing of the time before it was made, so `iat` stands in where there is no `nbf`.
 */
function shown(
  claims: IdentityClaims | Fault,
  iss: string,
): { readonly identity?: AttestedIdentity } {
  if (isFault(claims)) return {}
  const { sub, exp, holder, nbf, iat } = claims
  const from = nbf ?? iat
  return {
    identity: { sub, iss, jwk: holder.jwk, jkt: holder.jkt, until: exp, ...present({ from }) },
  }
}

function parseIdentity(payload: JsonObject): IdentityClaims | Fault {
  const reader = claimReader(payload)
  const cnf = claimReader(reader.object('cnf'), { reader, detail: 'cnf' })
  const holder = parsePublicJwk(fullySpecified(cnf.raw('jwk')))
  if (isFault(holder)) reader.fail('cnf', holder.code)
  const claims = {
    sub: reader.text('sub', 2048),
    exp: reader.int('exp'),
    hasAudience: reader.has('aud'),
    ...present({
      iss: reader.optional('iss', (name) => reader.text(name)),
      nbf: reader.optional('nbf', (name) => reader.int(name)),
      iat: reader.optional('iat', (name) => reader.int(name)),
      jti: reader.optional('jti', (name) => reader.text(name)),
    }),
  }
  return reader.fault ?? (isFault(holder) ? holder : { ...claims, holder })
}

/** RFC 9864 replaced `EdDSA`; for a key whose curve is Ed25519 both names mean the same. */
function fullySpecified(jwk: Json | undefined): unknown {
  if (typeof jwk !== 'object' || jwk === null) return jwk
  const { alg, crv } = jwk as JsonObject
  return alg === 'EdDSA' && crv === 'Ed25519' ? { ...jwk, alg: 'Ed25519' } : jwk
}
