import { type Grade, NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { type ClaimReader, claimReader, HASH } from '../claim-reader.ts'
import { LIMITS, MAX_IAT_SKEW } from '../constants.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { isJsonObject, type JsonObject } from '../json/parse-canonical.ts'
import { type HolderKey, parsePublicJwk } from '../jwk.ts'
import { isKeyInTime } from '../key-time.ts'
import type { Alg, Json, ToolGrants } from '../types.ts'
import { type DpopContext, verifyDpop } from './dpop.ts'
import { type ForeignJwt, jwtAlg, jwtSignatureFault, jwtTyp, openJwt } from './open-jwt.ts'
import type { ForeignHop, ForeignReading, TokenIssuer } from './types.ts'

/** `typ` of an access token, RFC 9068; older servers write `JWT` or nothing. */
const TYPS: ReadonlySet<string> = new Set(['at+jwt', 'jwt', ''])

/** Actors that one token may name: as many as a chain may have links. */
const MAX_ACTORS = LIMITS.links

/** Claims that mean nothing inside `act`, RFC 8693 section 4.1. */
const MEANINGLESS = ['scope', 'authorization_details', 'exp', 'nbf', 'aud', 'cnf', 'may_act']

export interface AccessTokenContext {
  /** Whose tokens are read, from configuration. */
  readonly issuers: readonly TokenIssuer[]
  /** The DPoP proof that came with it. */
  readonly proof?: string
  /** What is known of the request that the proof was made for. */
  readonly request?: Pick<DpopContext, 'htm' | 'htu' | 'at' | 'window'>
  /** NumericDate at which it must be in its time; not judged where absent. */
  readonly at?: number
}

/**
 * Reads an OAuth access token that is a JWT, RFC 9068, with the actors of RFC 8693 section 4.1: the
 * outermost `act` is the current actor, those inside are history. All hops are one server's word, so
 * none is above `asserted`; the last one is `signed` where the token verifies, is bound to a key and a
 * DPoP proof shows that key. Never throws, whatever the text is.
 */
export function verifyAccessToken(text: unknown, context: AccessTokenContext): ForeignReading {
  const jwt = openJwt(text, LIMITS.artefactSize)
  if (isFault(jwt)) return unreadable(jwt)
  if (!TYPS.has(jwtTyp(jwt))) return unreadable(fault('type_invalid'), jwt.hash)
  const claims = readClaims(jwt.payload)
  if (isFault(claims)) return unreadable(claims, jwt.hash)
  const actors = readActors(jwt.payload['act'])
  if (isFault(actors)) return unreadable(actors, jwt.hash)

  const signed = signerOf(jwt, claims, context.issuers)
  const issuer = isFault(signed) ? undefined : signed
  const outcome = isFault(signed)
    ? outcomeOf(signed.code, signed.detail)
    : claimsOutcome(claims, signed, context.at)
  const proof = proofOf(text, claims, context)
  const shown = outcome.state === 'ok' && proof.outcome.state === 'ok'
  const grade: Grade = shown ? 'signed' : 'asserted'
  const tools = outcome.state === 'ok' ? toolsOf(claims.scopes, issuer) : undefined
  return {
    outcome,
    grade,
    hash: jwt.hash,
    issuer: claims.iss,
    principal: claims.sub,
    hops: hopsOf(claims, actors.subs, grade),
    scopes: claims.scopes,
    audience: claims.audience,
    possession: proof.outcome,
    flags: flagsOf(jwt, claims, actors, tools),
    notChecked: [
      ...proof.notChecked,
      ...(context.at === undefined ? ['time'] : []),
      'revocation',
      'what the server checked before each hop',
    ],
    ...(claims.jti === undefined ? {} : { tokenId: claims.jti }),
    ...(claims.iat === undefined ? {} : { issuedAt: claims.iat }),
    ...(claims.exp === undefined ? {} : { expiresAt: claims.exp }),
    ...(claims.jkt === undefined ? {} : { boundTo: claims.jkt }),
    ...(tools === undefined ? {} : { tools }),
  }
}

interface TokenClaims {
  readonly iss: string
  readonly sub: string
  readonly client: string | undefined
  readonly jti: string | undefined
  readonly iat: number | undefined
  readonly exp: number | undefined
  readonly nbf: number | undefined
  readonly audience: readonly string[]
  readonly scopes: readonly string[]
  readonly jkt: string | undefined
}

function readClaims(payload: JsonObject): TokenClaims | Fault {
  const reader = claimReader(payload)
  const optionalText = (name: string) => reader.optional(name, (claim) => reader.text(claim))
  const optionalInt = (name: string) => reader.optional(name, (claim) => reader.int(claim))
  const claims: TokenClaims = {
    iss: reader.text('iss'),
    sub: reader.text('sub'),
    client: optionalText('client_id'),
    jti: optionalText('jti'),
    iat: optionalInt('iat'),
    exp: optionalInt('exp'),
    nbf: optionalInt('nbf'),
    audience: [reader.optional('aud', (name) => reader.textOrTexts(name)) ?? []].flat(),
    scopes: readScope(reader),
    jkt: reader.has('cnf') ? readBinding(reader) : undefined,
  }
  return reader.fault ?? claims
}

const MAX_SCOPES = 256

function readScope(reader: ClaimReader): readonly string[] {
  const scope = reader.optional('scope', (name) =>
    reader.raw(name) === '' ? '' : reader.text(name, 4096),
  )
  const tokens = [...new Set((scope ?? '').split(' ').filter((token) => token !== ''))]
  if (tokens.length > MAX_SCOPES) reader.fail('scope')
  return tokens.sort()
}

/** `cnf.jkt`, RFC 9449, or `cnf.jwk`, RFC 7800. A certificate's thumbprint binds to a key we never see. */
function readBinding(reader: ClaimReader): string | undefined {
  const cnf = reader.object('cnf')
  const nested = claimReader(cnf, { reader, detail: 'cnf' })
  if (nested.has('jkt')) return nested.matching('jkt', HASH)
  const { jwk } = cnf
  if (jwk === undefined || !isJsonObject(jwk)) return undefined
  const key = parsePublicJwk({ ...jwk, alg: jwk['kty'] === 'EC' ? 'ES256' : 'Ed25519' })
  return isFault(key) ? undefined : key.jkt
}

interface Actors {
  /** The current one first. */
  readonly subs: readonly string[]
  readonly flags: readonly string[]
}

function readActors(outermost: Json | undefined): Actors | Fault {
  const subs: string[] = []
  let meaningless = false
  for (let act = outermost; act !== undefined; ) {
    if (subs.length === MAX_ACTORS) return fault('depth_invalid', 'act')
    if (!isJsonObject(act)) return fault('malformed', 'act')
    const { sub } = act
    if (typeof sub !== 'string' || sub === '' || sub.length > 512) return fault('malformed', 'act')
    const members: JsonObject = act
    meaningless ||= MEANINGLESS.some((name) => Object.hasOwn(members, name))
    subs.push(sub)
    act = members['act']
  }
  const flags = [
    ...(new Set(subs).size < subs.length ? ['actor_repeated'] : []),
    ...(meaningless ? ['actor_claims_ignored'] : []),
  ]
  return { subs, flags }
}

/**
 * From the subject over the oldest actor to the current one. A client that acts for a subject without
 * `act` is its actor (RFC 9068: `client_id`); one that acts for itself was given the token by its server.
 */
function hopsOf(claims: TokenClaims, subs: readonly string[], grade: Grade): ForeignHop[] {
  const { client, sub, iss } = claims
  const own = client === undefined || client === sub
  const delegates = subs.length > 0 ? [...subs].reverse() : [own ? sub : client]
  const first = subs.length === 0 && own ? iss : sub
  return delegates.map((delegate, index) => ({
    delegator: index === 0 ? first : (delegates[index - 1] ?? first),
    delegate,
    grade: index === delegates.length - 1 ? grade : 'asserted',
  }))
}

/** The configured issuer whose key verifies. Keys are chosen by `iss` and `kid`, never taken along. */
function signerOf(
  jwt: ForeignJwt,
  claims: TokenClaims,
  issuers: readonly TokenIssuer[],
): TokenIssuer | Fault {
  const alg = jwtAlg(jwt)
  if (typeof alg !== 'string') return alg
  if (jwt.signature.length === 0) return fault('signature_withheld')
  const named = issuers.filter(({ iss }) => iss === claims.iss)
  const { kid } = jwt.header
  const keys = kid === undefined ? named : named.filter((issuer) => issuer.kid === kid)
  if (keys.length === 0) return fault('issuer_untrusted', named.length === 0 ? undefined : 'kid')
  let wrong: Fault = fault('alg_key_mismatch')
  for (const issuer of keys) {
    const own = keyFault(jwt, issuer, alg)
    if (own === undefined) {
      const inTime = claims.iat === undefined || isKeyInTime(issuer, claims.iat)
      return inTime ? issuer : fault('issuer_untrusted', 'key_out_of_time')
    }
    if (own.code === 'signature_invalid') wrong = own
  }
  return wrong
}

function keyFault(jwt: ForeignJwt, { jwk }: TokenIssuer, alg: Alg): Fault | undefined {
  const key: HolderKey | Fault = parsePublicJwk(jwk)
  return isFault(key) ? fault('key_unavailable') : jwtSignatureFault(jwt, key, alg)
}

function claimsOutcome(claims: TokenClaims, issuer: TokenIssuer, at: number | undefined): Outcome {
  if (issuer.aud !== undefined && !claims.audience.includes(issuer.aud))
    return outcomeOf('audience_mismatch')
  if (at === undefined) return OK
  if (claims.exp !== undefined && !(claims.exp > at)) return outcomeOf('expired')
  const from = Math.max(claims.nbf ?? 0, claims.iat ?? 0)
  return from > at + MAX_IAT_SKEW ? outcomeOf('not_yet_valid') : OK
}

function proofOf(
  text: unknown,
  claims: TokenClaims,
  { proof, request = {} }: AccessTokenContext,
): { readonly outcome: Outcome; readonly notChecked: readonly string[] } {
  const { jkt, iat = 0, exp = Number.MAX_SAFE_INTEGER } = claims
  if (proof === undefined) {
    const outcome = jkt === undefined ? NOT_APPLICABLE : outcomeOf('receipt_missing', 'dpop')
    return { outcome, notChecked: ['possession'] }
  }
  if (jkt === undefined || typeof text !== 'string')
    return { outcome: outcomeOf('holder_binding_failed', 'unbound'), notChecked: [] }
  const verdict = verifyDpop(proof, { token: text, jkt, ...request })
  const { outcome, notChecked } = verdict
  const at = verdict.iat ?? iat
  const outside = at < iat - MAX_IAT_SKEW || at > exp + MAX_IAT_SKEW
  return outcome.state === 'ok' && outside
    ? { outcome: outcomeOf('late_evidence', 'token'), notChecked }
    : { outcome, notChecked }
}

/**
 * What the scope tokens grant by the configured table: only where each has an entry, and no tool has
 * two, since two grants of one tool are never added up. Undefined is unknown.
 */
function toolsOf(
  scopes: readonly string[],
  issuer: TokenIssuer | undefined,
): ToolGrants | undefined {
  const table = issuer?.tools
  if (table === undefined) return undefined
  const tools: Record<string, ToolGrants[string]> = {}
  for (const scope of scopes) {
    const granted = Object.hasOwn(table, scope) ? table[scope] : undefined
    if (granted === undefined) return undefined
    for (const [tool, map] of Object.entries(granted)) {
      if (Object.hasOwn(tools, tool)) return undefined
      tools[tool] = map
    }
  }
  return tools
}

function flagsOf(
  jwt: ForeignJwt,
  claims: TokenClaims,
  actors: Actors,
  tools: ToolGrants | undefined,
): string[] {
  const own = claims.client === undefined || claims.client === claims.sub
  return [
    ...actors.flags,
    ...(claims.jkt === undefined ? ['bearer'] : []),
    ...(Object.hasOwn(jwt.payload, 'authorization_details') ? ['details_unmapped'] : []),
    ...(claims.exp === undefined ? ['no_expiry'] : []),
    ...(own && actors.subs.length === 0 ? ['own_behalf'] : []),
    ...(tools === undefined ? ['scope_unknown'] : []),
  ].sort()
}

function unreadable(why: Fault, hash?: string): ForeignReading {
  return {
    outcome: outcomeOf(why.code, why.detail),
    grade: 'asserted',
    hops: [],
    scopes: [],
    audience: [],
    possession: NOT_APPLICABLE,
    flags: [],
    notChecked: [],
    ...(hash === undefined ? {} : { hash }),
  }
}
