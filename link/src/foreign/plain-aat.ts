import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { ALGS, LIMITS, MAX_IAT_SKEW, THUMBPRINT_URI_PREFIX, TYP } from '../constants.ts'
import { type NarrowingProblem, narrows } from '../constraints/narrows.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { parsePublicJwk } from '../jwk.ts'
import { isKeyInTime } from '../key-time.ts'
import type { Alg, Anchor } from '../types.ts'
import type { SignatureState } from '../verify/chain-link.ts'
import { type ForeignJwt, jwtSignatureFault, openJwt } from './open-jwt.ts'
import { type ParsedPlain, type PlainClaims, parsePlainClaims } from './plain-claims.ts'
import { strictDifferences } from './strict-differences.ts'

/** The base that our profile narrows: draft-niyikiza-oauth-attenuating-agent-tokens-02. */
export const PLAIN_PROFILE = 'aat-02'

/** A plain token whose signature holds under the key named above it. */
export interface PlainLink {
  readonly hash: string
  readonly claims: PlainClaims
  /** Thumbprint of the holder's key. */
  readonly holder: ParsedPlain['holder']
  readonly parent: PlainLink | undefined
  /** Whether it and everything above it is in order. */
  readonly sound: boolean
  readonly anchor: { readonly iss: string; readonly kid: string; readonly jkt: string }
}

export interface PlainVerdict {
  readonly outcome: Outcome
  readonly hash?: string
  readonly claims?: PlainClaims
  readonly signature: SignatureState
  /** What profile `aat-02/strict-1` would have refused, `strict:` before each. */
  readonly flags: readonly string[]
  readonly problems: readonly NarrowingProblem[]
  readonly link?: PlainLink
}

export interface PlainContext {
  readonly anchors: readonly Anchor[]
  /** Seconds that a root may live, where its anchor does not say; the draft leaves it open. */
  readonly maxLifetime?: number
  readonly maxDepth?: number
}

const MAX_LIFETIME = 90 * 24 * 3600

/**
 * Judges one token of the draft against its parent, or against the anchors where it is a root: the
 * steps 3 and 4 of its section 8, without the clock. Keys come from anchors and from `cnf.jwk` alone.
 * It is looser than `verifyLink` and never in its place. Never throws, whatever the text is.
 */
export function verifyPlainLink(
  text: unknown,
  parent: PlainLink | undefined,
  context: PlainContext,
): PlainVerdict {
  const jwt = openJwt(text, LIMITS.linkSize, { exact: true })
  if (isFault(jwt)) return refused(jwt, undefined, undefined, 'unchecked')
  const parsed = parsePlainClaims(jwt.payload)
  const alg = headerFault(jwt) ?? jwt.header['alg']
  if (typeof alg === 'object') return refused(alg as Fault, jwt, parsed, 'unchecked')
  const signer = signerOf(jwt, alg as Alg, parent, context.anchors)
  if (isFault(signer)) {
    const invalid = signer.code === 'signature_invalid'
    return refused(signer, jwt, parsed, invalid ? 'invalid' : 'unchecked')
  }
  if (isFault(parsed)) return refused(parsed, jwt, parsed, 'valid')
  const { claims, holder } = parsed
  const wrong =
    parent === undefined
      ? rootFault(parsed, signer, context)
      : derivedFault(parsed, parent, context)
  return {
    outcome: wrong === undefined ? OK : outcomeOf(wrong.code, wrong.detail),
    hash: jwt.hash,
    claims,
    signature: 'valid',
    flags: strictDifferences(text, jwt, parsed),
    problems: wrong?.problems ?? [],
    link: {
      hash: jwt.hash,
      claims,
      holder,
      parent,
      sound: wrong === undefined && (parent === undefined || parent.sound),
      anchor: { iss: signer.iss, kid: signer.kid, jkt: signer.jkt },
    },
  }
}

/** A token whose parent has no key to judge it by: what it says is shown. */
export function unjudgedPlain(text: unknown): PlainVerdict {
  const jwt = openJwt(text, LIMITS.linkSize, { exact: true })
  if (isFault(jwt)) return refused(jwt, undefined, undefined, 'unchecked')
  const parsed = parsePlainClaims(jwt.payload)
  return refused(headerFault(jwt) ?? fault('chain_incomplete'), jwt, parsed, 'unchecked')
}

/** Whether every token of a path was in its time at `at`, NumericDate; the first that was not. */
export function plainTime(links: readonly PlainLink[], at: number, skew = MAX_IAT_SKEW): Outcome {
  for (const { claims } of links) {
    if (!(claims.exp > at)) return outcomeOf('expired')
    if (!(claims.iat <= at + skew)) return outcomeOf('not_yet_valid')
  }
  return links.length === 0 ? NOT_APPLICABLE : OK
}

interface PlainFault extends Fault {
  readonly problems?: readonly NarrowingProblem[]
}

function headerFault({ header }: ForeignJwt): Fault | undefined {
  if (header['typ'] !== TYP.link) return fault('type_invalid')
  return ALGS.some((alg) => alg === header['alg']) ? undefined : fault('alg_not_allowed')
}

interface Signer {
  readonly iss: string
  readonly kid: string
  readonly jkt: string
}

function signerOf(
  jwt: ForeignJwt,
  alg: Alg,
  parent: PlainLink | undefined,
  anchors: readonly Anchor[],
): Signer | Fault {
  if (parent !== undefined) return jwtSignatureFault(jwt, parent.holder, alg) ?? parent.anchor
  // `kid` only selects among anchors; without one it is every anchor of the issuer named.
  const { kid } = jwt.header
  const { iss } = jwt.payload
  const named = anchors.filter((anchor) => anchor.iss === iss)
  const keys = named.filter((anchor) => kid === undefined || anchor.kid === kid)
  if (keys.length === 0) return fault('issuer_untrusted', named.length === 0 ? undefined : 'kid')
  let wrong: Fault = fault('alg_key_mismatch')
  for (const anchor of keys) {
    const key = parsePublicJwk(anchor.jwk)
    if (isFault(key)) return fault('key_unavailable', 'anchor')
    const own = jwtSignatureFault(jwt, key, alg)
    if (own === undefined) return { iss: anchor.iss, kid: anchor.kid, jkt: key.jkt }
    if (own.code === 'signature_invalid') wrong = own
  }
  return wrong
}

function rootFault(
  { claims, toolsFault }: ParsedPlain,
  signer: Signer,
  { anchors, maxLifetime = MAX_LIFETIME, maxDepth = LIMITS.depth }: PlainContext,
): PlainFault | undefined {
  const anchor = anchors.find(({ iss, kid }) => iss === signer.iss && kid === signer.kid)
  if (anchor !== undefined && !isKeyInTime(anchor, claims.iat))
    return fault('issuer_untrusted', 'key_out_of_time')
  if (claims.par_hash !== undefined || claims.del_depth !== 0) return fault('depth_invalid')
  if (claims.del_max_depth > Math.min(anchor?.max_depth ?? maxDepth, maxDepth))
    return fault('depth_invalid', 'max_depth')
  const lifetime = lifetimeFault(claims, anchor?.max_lifetime ?? maxLifetime)
  if (lifetime !== undefined) return lifetime
  if (!URL.canParse(claims.iss)) return fault('malformed', 'iss')
  return claims.granted ? toolsFault : fault('malformed', 'authorization_details')
}

function derivedFault(
  { claims, toolsFault }: ParsedPlain,
  parent: PlainLink,
  { maxDepth = LIMITS.depth }: PlainContext,
): PlainFault | undefined {
  const above = parent.claims
  if (claims.iss !== THUMBPRINT_URI_PREFIX + parent.holder.jkt) return fault('issuer_mismatch')
  if (claims.del_depth !== above.del_depth + 1) return fault('depth_invalid')
  if (claims.del_depth > Math.min(above.del_max_depth, claims.del_max_depth, maxDepth))
    return fault('depth_invalid', 'terminal')
  if (claims.del_max_depth > above.del_max_depth) return fault('depth_invalid', 'max_depth')
  if (claims.exp > above.exp || claims.iat < above.iat) return fault('expired', 'nonmonotonic')
  const lifetime = lifetimeFault(claims, Number.MAX_SAFE_INTEGER)
  if (lifetime !== undefined) return lifetime
  if (toolsFault !== undefined) return toolsFault
  const narrowing = narrows(above.tools, claims.tools)
  if (!narrowing.ok)
    return { code: 'not_narrower', detail: narrowing.detail, problems: narrowing.problems }
  if (claims.par_hash !== parent.hash) return fault('par_hash_mismatch')
  for (let at: PlainLink | undefined = parent; at !== undefined; at = at.parent)
    if (at.claims.jti === claims.jti) return fault('replayed')
  return undefined
}

function lifetimeFault({ iat, exp }: PlainClaims, cap: number): Fault | undefined {
  if (exp <= iat) return fault('malformed', 'lifetime')
  return exp - iat > cap ? fault('lifetime_exceeded') : undefined
}

function refused(
  why: Fault,
  jwt: ForeignJwt | undefined,
  parsed: ParsedPlain | Fault | undefined,
  signature: SignatureState,
): PlainVerdict {
  return {
    outcome: outcomeOf(why.code, why.detail),
    signature,
    flags: [],
    problems: [],
    ...(jwt === undefined ? {} : { hash: jwt.hash }),
    ...(parsed === undefined || isFault(parsed) ? {} : { claims: parsed.claims }),
  }
}
