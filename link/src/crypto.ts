import {
  createPublicKey,
  hash,
  type KeyObject,
  randomBytes as nodeRandomBytes,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto'
import { boundedMap } from './bounded-map.ts'
import type { Alg, PublicJwk } from './types.ts'

/**
 * The engine: the only file that imports cryptography. A build for another platform replaces it
 * by a file with the same exports. It judges signatures and nothing else; weak keys are refused
 * before it is asked, since OpenSSL before 3.5 (Node 20 and 22) accepts small-order points.
 */

export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'base64url')
}

export function randomBytes(size: number): Uint8Array {
  return nodeRandomBytes(size)
}

/** False as well for a key that is no point of its curve, and for a signature of wrong length. */
export function verifySignature(
  key: { readonly jwk: PublicJwk; readonly jkt: string },
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const imported = importKey(key.jwk, key.jkt)
  if (imported === undefined || signature.length !== 64) return false
  return key.jwk.alg === 'ES256'
    ? nodeVerify('sha256', data, { key: imported, dsaEncoding: 'ieee-p1363' }, signature)
    : nodeVerify(null, data, imported, signature)
}

/** Whether the engine can use this key at all; a P-256 key must be a point of the curve. */
export function isUsableKey(jwk: PublicJwk, jkt: string): boolean {
  return importKey(jwk, jkt) !== undefined
}

/** RFC 7518 section 3.4: an ES256 signature is r and s side by side, not DER. */
export function signWith(privateKey: KeyObject, alg: Alg, data: Uint8Array): Uint8Array {
  return alg === 'ES256'
    ? nodeSign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    : nodeSign(null, data, privateKey)
}

/** Importing costs about as much as a third of a verification, and agents reuse their keys. */
const IMPORTED_KEYS = boundedMap<KeyObject>(4096)

function importKey(jwk: PublicJwk, jkt: string): KeyObject | undefined {
  const known = IMPORTED_KEYS.get(jkt)
  if (known !== undefined) return known
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    IMPORTED_KEYS.set(jkt, key)
    return key
  } catch {
    return undefined
  }
}
