import type { KeyObject } from 'node:crypto'
import { signWith } from './crypto.ts'
import { LinkError } from './errors.ts'
import { isFault } from './fault.ts'
import { parsePublicJwk } from './jwk.ts'
import type { Alg, PublicJwk } from './types.ts'

/** Something that signs under one key: a key in memory, an agent, a hardware module. */
export interface Signer {
  readonly alg: Alg
  readonly jwk: PublicJwk
  /** Raw signature of 64 bytes, as JWS wants it (RFC 7518 section 3.4, RFC 8037 section 3.1). */
  sign(data: Uint8Array): Uint8Array
}

/**
 * A signer over a private key of `node:crypto`, Ed25519 or P-256. Throws `LinkError` `invalid_key`
 * for any other key.
 */
export function nodeSigner(privateKey: KeyObject): Signer {
  const jwk = publicJwkOf(privateKey)
  return { alg: jwk.alg, jwk, sign: (data) => signWith(privateKey, jwk.alg, data) }
}

function publicJwkOf(privateKey: KeyObject): PublicJwk {
  if (privateKey.type !== 'private') throw new LinkError('invalid_key', 'not a private key')
  const alg = ALG_OF[privateKey.asymmetricKeyType ?? '']
  if (alg === undefined) throw new LinkError('invalid_key', 'expected an Ed25519 or P-256 key')
  const { kty, crv, x, y } = privateKey.export({ format: 'jwk' })
  const parsed = parsePublicJwk(y === undefined ? { kty, crv, x, alg } : { kty, crv, x, y, alg })
  if (isFault(parsed)) throw new LinkError('invalid_key', 'expected an Ed25519 or P-256 key')
  return parsed.jwk
}

const ALG_OF: Readonly<Record<string, Alg>> = { ed25519: 'Ed25519', ec: 'ES256' }
