import { KeyObject } from 'node:crypto'
import {
  type Alg,
  jwkThumbprint,
  LinkError,
  nodeSigner,
  type PublicJwk,
  type Signer,
} from '@delegraph/link'
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { SdkError } from '../errors.ts'

/**
 * A private key that signs and cannot be printed: inspecting or serialising it shows the public
 * half. Anything else that is a `Signer` may stand in its place, a hardware module for instance.
 */
export interface Key extends Signer {
  /** SHA-256 thumbprint of the public half, RFC 7638. */
  readonly thumbprint: string
}

/** Makes a key, Ed25519 unless ES256 is asked for (RFC 9864). */
export async function createKey(options: { readonly alg?: Alg } = {}): Promise<Key> {
  const { privateKey } = await generateKeyPair(options.alg ?? 'Ed25519', { extractable: true })
  return keyOf(KeyObject.from(privateKey))
}

/** The half that delegators, trust files and registries need. */
export function publicJwk(key: Signer): PublicJwk {
  return key.jwk
}

/** A key from a private JWK. Throws `SdkError` `key_invalid`, which never quotes the JWK. */
export async function importKey(jwk: unknown): Promise<Key> {
  const alg = algOf(jwk)
  if (alg === undefined || !isPrivateJwk(jwk))
    throw new SdkError('key_invalid', 'expected a private JWK of an Ed25519 or P-256 key')
  try {
    const imported = await importJWK({ ...jwk, alg }, alg, { extractable: true })
    if (imported instanceof Uint8Array) throw new TypeError('symmetric')
    return keyOf(KeyObject.from(imported))
  } catch (error) {
    // The engine's own message may quote what it read.
    const detail = error instanceof LinkError ? error.code : 'refused by the engine'
    throw new SdkError('key_invalid', 'not a usable private JWK', { detail })
  }
}

/** The private JWK, for `saveKey` alone. */
export async function exportPrivateJwk(key: Key): Promise<JWK> {
  const privateKey = PRIVATE.get(key)
  if (privateKey === undefined)
    throw new SdkError('key_invalid', 'only keys of createKey and loadKey can be saved')
  return { ...(await exportJWK(privateKey)), alg: key.alg }
}

/** The private halves live here, out of reach of whoever holds the key object. */
const PRIVATE = new WeakMap<Key, KeyObject>()

function keyOf(privateKey: KeyObject): Key {
  const { alg, jwk, sign } = nodeSigner(privateKey)
  const key: Key = Object.freeze({ alg, jwk, thumbprint: jwkThumbprint(jwk), sign })
  PRIVATE.set(key, privateKey)
  return key
}

/** The curve decides; an `alg` that is given must be the curve's own. */
function algOf(jwk: unknown): Alg | undefined {
  if (typeof jwk !== 'object' || jwk === null || !('crv' in jwk)) return undefined
  const alg = jwk.crv === 'Ed25519' ? 'Ed25519' : jwk.crv === 'P-256' ? 'ES256' : undefined
  return 'alg' in jwk && jwk.alg !== alg ? undefined : alg
}

function isPrivateJwk(jwk: unknown): jwk is JWK & { readonly kty: 'OKP' | 'EC' } {
  return (
    typeof jwk === 'object' &&
    jwk !== null &&
    'kty' in jwk &&
    (jwk.kty === 'OKP' || jwk.kty === 'EC') &&
    'd' in jwk &&
    typeof jwk.d === 'string'
  )
}
