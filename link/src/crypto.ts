import {
  createPublicKey,
  createVerify,
  hash,
  type KeyObject,
  randomBytes as nodeRandomBytes,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto'
import { derOf } from './ecdsa-der.ts'
import { SODIUM } from './sodium.ts'
import type { Alg, PublicJwk } from './types.ts'
import { isSmallOrder } from './weak-keys.ts'

/**
 * The engine: with `sodium.ts`, the only file that imports cryptography. A build for another
 * platform replaces it by a file with the same exports. It judges signatures and nothing else; weak
 * keys are refused before it is asked, since OpenSSL before 3.5 accepts small-order points.
 */

export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'base64url')
}

export function randomBytes(size: number): Uint8Array {
  return nodeRandomBytes(size)
}

/** False as well for a key that is no point of its curve, and for a signature of wrong length. */
export function verifySignature(
  { jwk }: { readonly jwk: PublicJwk },
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== 64) return false
  const imported = importKey(jwk)
  if (imported === undefined) return false
  if (jwk.alg === 'ES256') {
    // The object instead of the call of one shot: it is one or two per cent cheaper.
    return (
      !isRaw(imported) && createVerify('sha256').update(data).verify(imported, derOf(signature))
    )
  }
  if (isRaw(imported))
    return SODIUM?.crypto_sign_verify_detached(signature, data, imported) === true
  // libsodium refuses these, OpenSSL does not; the answer must not depend on what is installed.
  const r = Buffer.from(signature.subarray(0, 32)).toString('base64url')
  return !isSmallOrder(r) && nodeVerify(null, data, imported, signature)
}

/** Whether the engine can use this key at all; a P-256 key must be a point of the curve. */
export function isUsableKey(jwk: PublicJwk): boolean {
  return importKey(jwk) !== undefined
}

/** What verifies Ed25519 here. */
export const ENGINE: 'libsodium' | 'openssl' = SODIUM === undefined ? 'openssl' : 'libsodium'

/** RFC 7518 section 3.4: an ES256 signature is r and s side by side, not DER. */
export function signWith(privateKey: KeyObject, alg: Alg, data: Uint8Array): Uint8Array {
  return alg === 'ES256'
    ? nodeSign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    : nodeSign(null, data, privateKey)
}

/** Importing costs about as much as a third of a verification; keys that were parsed are kept. */
const IMPORTED = new WeakMap<PublicJwk, KeyObject | Uint8Array>()

function importKey(jwk: PublicJwk): KeyObject | Uint8Array | undefined {
  const known = IMPORTED.get(jwk)
  if (known !== undefined) return known
  const key = SODIUM !== undefined && jwk.alg === 'Ed25519' ? rawKey(jwk.x) : keyObject(jwk)
  if (key !== undefined) IMPORTED.set(jwk, key)
  return key
}

function rawKey(x: string): Uint8Array | undefined {
  const bytes = Buffer.from(x, 'base64url')
  return bytes.length === 32 ? bytes : undefined
}

function keyObject(jwk: PublicJwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    return undefined
  }
}

function isRaw(key: KeyObject | Uint8Array): key is Uint8Array {
  return key instanceof Uint8Array
}
