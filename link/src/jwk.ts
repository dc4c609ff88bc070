import { decodeBase64url } from './base64url.ts'
import { boundedMap } from './bounded-map.ts'
import { THUMBPRINT_URI_PREFIX } from './constants.ts'
import { isUsableKey, sha256 } from './crypto.ts'
import { type Fault, fault } from './fault.ts'
import type { PublicJwk } from './types.ts'
import { isCanonicalPoint, isSmallOrder } from './weak-keys.ts'

/** A public key with its thumbprint, which names it everywhere. */
export interface HolderKey {
  readonly jwk: PublicJwk
  readonly jkt: string
  /** The thumbprint as a URI, RFC 9278: the `iss` of everything that the holder signs. */
  readonly uri: string
}

/** SHA-256 thumbprint, RFC 7638, 43 characters of base64url; of an Ed25519 key as in RFC 8037. */
export function jwkThumbprint(jwk: PublicJwk): string {
  return sha256(
    jwk.kty === 'EC'
      ? `{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`
      : `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`,
  )
}

/** The thumbprint of a key as a URI. */
export function thumbprintUri(jwk: PublicJwk): string {
  return THUMBPRINT_URI_PREFIX + jwkThumbprint(jwk)
}

/** A key that was checked before, with its names. */
export function holderKey(jwk: PublicJwk): HolderKey {
  const jkt = jwkThumbprint(jwk)
  return { jwk, jkt, uri: THUMBPRINT_URI_PREFIX + jkt }
}

/**
 * A public key from configuration or a key set. `kid` and `ext` are dropped, and so are `use` and
 * `key_ops` where they say that it is for signatures (RFC 7517 sections 4.2 and 4.3). Any other
 * further member and every private one is refused: `malformed`, or `weak_key`.
 */
export function parsePublicJwk(value: unknown): HolderKey | Fault {
  const members = { ...membersOf(value) }
  if (!isForSignatures(members)) return fault('malformed', 'jwk')
  for (const name of DROPPED) delete members[name]
  return keyOf(members, 'jwk')
}

/** The key of `cnf.jwk`: exactly the members of its type and `alg`, nothing else. */
export function parseHolderKey(value: unknown): HolderKey | Fault {
  return keyOf(membersOf(value), 'cnf')
}

function isForSignatures({ use, key_ops }: Members): boolean {
  if (use !== undefined && use !== 'sig') return false
  return key_ops === undefined || (Array.isArray(key_ops) && key_ops.includes('verify'))
}

function keyOf(members: Members, detail: string): HolderKey | Fault {
  const known = KNOWN_KEYS.get(coordinatesOf(members))
  if (known !== undefined && isSameKey(known.jwk, members)) return known
  const jwk = toJwk(members)
  if (jwk === undefined) return fault('malformed', detail)
  if (jwk.kty === 'OKP') {
    if (isSmallOrder(jwk.x)) return fault('weak_key')
    if (!isCanonicalPoint(Buffer.from(jwk.x, 'base64url'))) return fault('weak_key', 'noncanonical')
  }
  if (!isUsableKey(jwk)) return fault('malformed', detail)
  const key = holderKey(jwk)
  KNOWN_KEYS.set(coordinatesOf(jwk), key)
  return key
}

/** Keys that passed all checks, by their coordinates: agents reuse theirs. */
const KNOWN_KEYS = boundedMap<HolderKey>(4096)

function coordinatesOf({ x, y }: { readonly x?: unknown; readonly y?: unknown }): string {
  if (y === undefined && typeof x === 'string') return x
  return `${x}.${y}`
}

function isSameKey(jwk: PublicJwk, members: Members): boolean {
  let size = 0
  for (const name in members) {
    if (jwk[name as keyof PublicJwk] !== members[name]) return false
    size += 1
  }
  return size === (jwk.kty === 'EC' ? 5 : 4)
}

const DROPPED = ['kid', 'use', 'key_ops', 'ext']

type Members = { [name: string]: unknown }

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {}
}

function toJwk(members: Members): PublicJwk | undefined {
  const x = coordinate(members['x'])
  if (x === undefined) return undefined
  const size = Object.keys(members).length
  const { kty, crv, alg } = members
  if (kty === 'OKP') {
    const fits = size === 4 && crv === 'Ed25519' && alg === 'Ed25519'
    return fits ? { kty, crv, x, alg } : undefined
  }
  const y = coordinate(members['y'])
  const fits = size === 5 && kty === 'EC' && crv === 'P-256' && alg === 'ES256'
  return fits && y !== undefined ? { kty, crv, x, y, alg } : undefined
}

/** Both curves have coordinates of 32 bytes; only one spelling of each, so that a key has one id. */
function coordinate(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length !== 43) return undefined
  return decodeBase64url(value) instanceof Uint8Array ? value : undefined
}
