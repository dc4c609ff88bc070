import { createRequire } from 'node:module'

/** The part of libsodium that is used. */
interface Sodium {
  crypto_sign_verify_detached(signature: Uint8Array, data: Uint8Array, key: Uint8Array): boolean
}

/**
 * libsodium by the package `sodium-native`, where it is installed and has a binary for this
 * platform: it verifies Ed25519 about twice as fast as OpenSSL. Nothing depends on it; both
 * engines give the same answers.
 */
export const SODIUM: Sodium | undefined = load()

function load(): Sodium | undefined {
  try {
    const loaded: unknown = createRequire(import.meta.url)('sodium-native')
    return isSodium(loaded) ? loaded : undefined
  } catch {
    return undefined
  }
}

function isSodium(value: unknown): value is Sodium {
  return (
    typeof value === 'object' &&
    value !== null &&
    'crypto_sign_verify_detached' in value &&
    typeof value.crypto_sign_verify_detached === 'function'
  )
}
