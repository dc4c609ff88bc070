import { decodeBase64url } from './base64url.ts'
import { THUMBPRINT_URI_PREFIX } from './constants.ts'
import { isUsableKey, sha256 } from './crypto.ts'
import { type Fault, fault } from './fault.ts'
import type { PublicJwk } from './types.ts'
import { isSmallOrder } from './weak-keys.ts'

/** A public key with its thumbprint, which names it everywhere. */
export interface HolderKey {
  readonly jwk: PublicJwk
  readonly jkt: string
}

/** SHA-256 thumbprint, RFC 7638, 43 characters of base64url; of an Ed25519 key as in RFC 8037. */
export function jwkThumbprint(jwk: PublicJwk): string {
  return sha256(
    jwk.kty === 'EC'
      ? `{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`
      : `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`,
  )
}

/** The thumbprint as a URI, RFC 9278: the `iss` of everything that a holder signs. */
export function thumbprintUri(jwk: PublicJwk): string {
  return THUMBPRINT_URI_PREFIX + jwkThumbprint(jwk)
}

/**
 * A public key from configuration or a key set. `kid`, `use`, `key_ops` and `ext` are dropped, any
 * other further member and every private one is refused: `malformed`, or `weak_key`.
 */
export function parsePublicJwk(value: unknown): HolderKey | Fault {
  const members = membersOf(value)
  for (const name of DROPPED) members.delete(name)
  return keyOf(members, 'jwk')
}

/** The key of `cnf.jwk`: exactly the members of its type and `alg`, nothing else. */
export function parseHolderKey(value: unknown): HolderKey | Fault {
  return keyOf(membersOf(value), 'cnf')
}

function keyOf(members: Members, detail: string): HolderKey | Fault {
  const jwk = toJwk(members)
  if (jwk === undefined) return fault('malformed', detail)
  if (jwk.kty === 'OKP' && isSmallOrder(jwk.x)) return fault('weak_key')
  const jkt = jwkThumbprint(jwk)
  return isUsableKey(jwk, jkt) ? { jwk, jkt } : fault('malformed', detail)
}

const DROPPED = ['kid', 'use', 'key_ops', 'ext']

type Members = Map<string, unknown>

function membersOf(value: unknown): Members {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
}

function toJwk(members: Members): PublicJwk | undefined {
  const x = coordinate(members.get('x'))
  if (x === undefined) return undefined
  if (members.get('kty') === 'OKP') {
    const fits =
      members.size === 4 && members.get('crv') === 'Ed25519' && members.get('alg') === 'Ed25519'
    return fits ? { kty: 'OKP', crv: 'Ed25519', x, alg: 'Ed25519' } : undefined
  }
  const y = coordinate(members.get('y'))
  const fits =
    members.size === 5 &&
    members.get('kty') === 'EC' &&
    members.get('crv') === 'P-256' &&
    members.get('alg') === 'ES256'
  return fits && y !== undefined ? { kty: 'EC', crv: 'P-256', x, y, alg: 'ES256' } : undefined
}

/** Both curves have coordinates of 32 bytes; only one spelling of each, so that a key has one id. */
function coordinate(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length !== 43) return undefined
  return decodeBase64url(value) instanceof Uint8Array ? value : undefined
}
