import { decodeBase64url } from '../base64url.ts'
import { ALGS, LIMITS, THIRD_PARTY_TYP, type ThirdPartyTyp } from '../constants.ts'
import { sha256 } from '../crypto.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import { parseObject } from '../json/parse-object.ts'
import { type SignedBytes, signingInputHash } from '../jws.ts'
import { signersAmong } from '../signers.ts'
import type { Alg, TrustedIssuer } from '../types.ts'

/**
 * A token that others make: status lists, workload identities. Their JSON is any JSON (RFC 8725 asks
 * for no canonical form), and a header may hold members that we do not know.
 */
export interface ThirdPartyJwt extends SignedBytes {
  readonly header: { readonly alg: Alg; readonly typ: ThirdPartyTyp; readonly kid?: string }
  readonly payload: JsonObject
  /** SHA-256 of the signing input: its id. */
  readonly hash: string
}

/**
 * Takes such a token apart; nothing of it is verified. `typ` is compared exactly and `alg` must be one
 * of the profile. Refused, not ignored, are header members that bring a key along or change how the
 * text is read. base64url has one spelling only, so no text is another spelling of the same token.
 */
export function openThirdParty(
  text: unknown,
  expected: { readonly typ: readonly ThirdPartyTyp[]; readonly size: number },
): ThirdPartyJwt | Fault {
  if (typeof text !== 'string') return fault('malformed', 'parts')
  if (text.length > expected.size) return fault('oversized')
  const parts = text.split('.', 4)
  const [header64, payload64, signature64] = parts
  if (header64 === undefined || payload64 === undefined || signature64 === undefined)
    return fault('malformed', 'parts')
  if (parts.length !== 3) return fault('malformed', 'parts')
  const header = readHeader(header64, expected.typ)
  if (isFault(header)) return header
  const read = readObject(payload64)
  if (isFault(read)) return read
  const signature = decodeBase64url(signature64)
  if (!(signature instanceof Uint8Array)) return fault('malformed', signature.refused)
  const signingInput = `${header64}.${payload64}`
  return { header, payload: read.object, signature, signingInput, hash: sha256(signingInput) }
}

/** Reads a token of any of these types without a key. Nothing in the result may be believed. */
export function decodeThirdParty(text: string): ThirdPartyJwt | Fault {
  return openThirdParty(text, { typ: ALL, size: LIMITS.statusListSize })
}

/** What every verdict about such a token says. */
export interface ThirdPartyForm {
  /** SHA-256 of the signing input; absent for a text that has not three parts or is too large. */
  readonly hash: string | undefined
  /** SHA-256 of the whole text. */
  readonly digest: string
}

export function formOf(text: unknown, size: number): ThirdPartyForm {
  const readable = typeof text === 'string' && text.length <= size ? text : ''
  return { hash: signingInputHash(readable), digest: sha256(typeof text === 'string' ? text : '') }
}

/**
 * Whose key signed it. A token without `kid` is tried with every key that was given: these come from
 * configuration, so they are few.
 */
export function signersOf<Issuer extends TrustedIssuer>(
  jwt: ThirdPartyJwt,
  issuers: readonly Issuer[],
): readonly Issuer[] | Fault {
  const { kid } = jwt.header
  const named = kid === undefined ? issuers : issuers.filter((issuer) => issuer.kid === kid)
  return named.length === 0 ? fault('issuer_untrusted') : signersAmong(jwt, named)
}

const ALL: readonly ThirdPartyTyp[] = Object.values(THIRD_PARTY_TYP)
const REFUSED = ['crit', 'b64', 'zip', 'jwk', 'jku', 'x5c', 'x5u']

function readHeader(text: string, typs: readonly ThirdPartyTyp[]): ThirdPartyJwt['header'] | Fault {
  const read = readObject(text)
  if (isFault(read)) return read
  const header = read.object
  if (REFUSED.some((name) => Object.hasOwn(header, name))) return fault('malformed', 'header')
  const typ = typs.find((name) => name === header['typ'])
  if (typ === undefined) return fault('type_invalid')
  const alg = ALGS.find((name) => name === header['alg'])
  if (alg === undefined) return fault('alg_not_allowed')
  const kid = header['kid']
  if (kid === undefined) return { alg, typ }
  const fits = typeof kid === 'string' && kid.length > 0 && kid.length <= 256
  return fits ? { alg, typ, kid } : fault('malformed', 'header')
}

function readObject(text64: string): { readonly object: JsonObject } | Fault {
  const bytes = decodeBase64url(text64)
  if (!(bytes instanceof Uint8Array)) return fault('malformed', bytes.refused)
  const parsed = parseObject(bytes)
  return isFault(parsed) ? parsed : { object: parsed.value }
}
