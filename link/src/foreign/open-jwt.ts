import { decodeBase64url } from '../base64url.ts'
import { sha256, verifySignature } from '../crypto.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import type { HolderKey } from '../jwk.ts'
import type { Alg } from '../types.ts'
import { parseJsonText } from './json-text.ts'

/** A compact JWT as others write it; nothing of it is verified yet. */
export interface ForeignJwt {
  readonly header: JsonObject
  readonly payload: JsonObject
  readonly signingInput: string
  /** Empty where somebody took it out. */
  readonly signature: Uint8Array
  /** SHA-256 of the signing input: the id, as of everything that is signed. */
  readonly hash: string
}

/**
 * Takes a compact JWT apart that need not be canonical, RFC 7519: size, three parts, one spelling of
 * base64url, both objects with no member twice. `crit` and unencoded payloads are refused, since no
 * extension is understood here; header members that bring a key or its location are never read.
 */
export function openJwt(
  text: unknown,
  size: number,
  options: { readonly exact?: boolean } = {},
): ForeignJwt | Fault {
  if (typeof text !== 'string') return fault('malformed', 'parts')
  if (text.length > size) return fault('oversized')
  const parts = text.split('.', 4)
  const [header64, payload64, signature64] = parts
  if (parts.length !== 3 || header64 === undefined || payload64 === undefined)
    return fault('malformed', 'parts')
  const bytes = [header64, payload64, signature64 ?? ''].map(decodeBase64url)
  const [headerBytes, payloadBytes, signature] = bytes
  for (const part of bytes) if ('refused' in part) return fault('malformed', part.refused)
  if (!isBytes(headerBytes) || !isBytes(payloadBytes) || !isBytes(signature))
    return fault('malformed', 'parts')
  const parsed = parseJsonText(headerBytes)
  if (isFault(parsed)) return parsed
  const header = parsed.value
  if (Object.hasOwn(header, 'crit') || header['b64'] === false) return fault('malformed', 'crit')
  const payload = parseJsonText(payloadBytes, options)
  if (isFault(payload)) return payload
  const signingInput = `${header64}.${payload64}`
  const hash = sha256(signingInput)
  return { header, payload: payload.value, signingInput, signature, hash }
}

/** Whether the signature holds under a key whose algorithm the header names. */
export function jwtSignatureFault(jwt: ForeignJwt, key: HolderKey, alg: Alg): Fault | undefined {
  if (alg !== key.jwk.alg) return fault('alg_key_mismatch')
  const holds = verifySignature(key, Buffer.from(jwt.signingInput, 'latin1'), jwt.signature)
  return holds ? undefined : fault('signature_invalid')
}

/**
 * The algorithm of an access token or of a proof. `EdDSA` is still written for Ed25519 (RFC 9864
 * deprecates it); of what is asymmetric and not ours no key can be configured, so it is unknown.
 */
export function jwtAlg({ header }: ForeignJwt): Alg | Fault {
  const { alg } = header
  if (alg === 'ES256' || alg === 'Ed25519') return alg
  if (alg === 'EdDSA') return 'Ed25519'
  const asymmetric = typeof alg === 'string' && /^(?:RS|PS|ES|Ed|ML)/.test(alg)
  return asymmetric ? fault('key_unavailable', 'alg') : fault('alg_not_allowed')
}

/** `at+jwt` for `application/at+jwt`: a media type in any case, RFC 7515 section 4.1.9. */
export function jwtTyp({ header }: ForeignJwt): string {
  const { typ } = header
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array
}
