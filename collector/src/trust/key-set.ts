import { isFault, jwkThumbprint, type PublicJwk, parsePublicJwk } from '@delegraph/link'
import { SourceError } from './source-error.ts'

/** A key of a set that can verify something of the profile. */
export interface FoundKey {
  readonly kid: string
  readonly jwk: PublicJwk
  /** What the set says that it is for. */
  readonly use?: string
}

export interface KeySet {
  readonly keys: readonly FoundKey[]
  /** One sentence for each key that is of no use here. */
  readonly skipped: readonly string[]
}

/** Bytes of a key set or a bundle, unpacked. */
export const MAX_KEY_SET = 256 * 1024
const MAX_KEYS = 100

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']
const SPIFFE_USES: readonly unknown[] = ['x509-svid', 'jwt-svid', 'wit-svid']

/**
 * Reads a JWK set, RFC 7517 section 5. Keys of other types or uses are passed over and said.
 *
 * @throws SourceError for what is no key set, has a private or symmetric key in it, one `kid` twice,
 *   or is a SPIFFE bundle
 */
export function parseKeySet(bytes: Uint8Array): KeySet {
  const members = keysIn(readJson(bytes))
  if (members.some((key) => SPIFFE_USES.includes(key['use']))) {
    throw new SourceError('is a SPIFFE bundle: name it as one, with the use that its keys have')
  }
  return usableKeys(members, (use) => use === undefined || use === 'sig')
}

/** JSON in UTF-8 of at most `MAX_KEY_SET` bytes. @throws SourceError */
export function readJson(bytes: Uint8Array): Members {
  if (bytes.length > MAX_KEY_SET) throw new SourceError(`has more than ${MAX_KEY_SET} bytes`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // What the parser says repeats the text.
    throw new SourceError('is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SourceError('is not a JSON object')
  }
  return value as Members
}

export type Members = Readonly<Record<string, unknown>>

/** The members of `keys`, none of them private, no `kid` twice. @throws SourceError */
export function keysIn(document: Members): Members[] {
  const { keys } = document
  if (!Array.isArray(keys)) throw new SourceError('has no list "keys"')
  if (keys.length > MAX_KEYS) throw new SourceError(`has more than ${MAX_KEYS} keys`)
  const kids = new Set<string>()
  for (const key of keys) {
    if (typeof key !== 'object' || key === null) throw new SourceError('has a key that is none')
    const { kid } = key as Members
    if (PRIVATE.some((name) => name in key)) {
      throw new SourceError('has a private or symmetric key in it')
    }
    if (typeof kid !== 'string') continue
    if (kids.has(kid)) throw new SourceError(`has two keys called ${shown(kid)}`)
    kids.add(kid)
  }
  return keys as Members[]
}

/** The keys whose use is wanted, and what is wrong with those of the wanted use that are left out. */
export function usableKeys(members: readonly Members[], wants: (use: unknown) => boolean): KeySet {
  const keys: FoundKey[] = []
  const skipped: string[] = []
  for (const [index, key] of members.entries()) {
    const { kid, use } = key
    const name = typeof kid === 'string' && kid !== '' ? shown(kid) : `number ${index + 1}`
    const jwk = wants(use) ? readKey(key) : `is for ${shown(use)}`
    if (typeof jwk === 'string') skipped.push(`key ${name} ${jwk}`)
    else if (typeof kid !== 'string' || kid === '') skipped.push(`key ${name} has no "kid"`)
    else keys.push({ kid, jwk, ...(typeof use === 'string' ? { use } : {}) })
  }
  return { keys, skipped }
}

/**
 * The key, or why it is of no use. Sets leave out `alg`, or call Ed25519 `EdDSA` as before RFC 9864:
 * the curve leaves no choice. Certificates beside a key (`x5c`) are not looked at.
 */
function readKey(members: Members): PublicJwk | string {
  const { kty, crv, alg, x, y, key_ops: operations } = members
  if (Array.isArray(operations) && !operations.includes('verify')) return 'is not for verifying'
  const own = KEY_TYPES.find((type) => type.kty === kty && type.crv === crv)
  if (own === undefined || !(alg === undefined || own.algs.includes(alg))) {
    return `is of ${shown(alg ?? crv ?? kty)}, not of Ed25519 or ES256`
  }
  const coordinates = own.kty === 'EC' ? { x, y } : { x }
  const key = parsePublicJwk({ kty, crv, alg: own.algs[0], ...coordinates })
  if (!isFault(key)) return key.jwk
  return key.code === 'weak_key' ? 'is weak' : 'is malformed'
}

const KEY_TYPES: readonly {
  readonly kty: string
  readonly crv: string
  readonly algs: readonly unknown[]
}[] = [
  { kty: 'OKP', crv: 'Ed25519', algs: ['Ed25519', 'EdDSA'] },
  { kty: 'EC', crv: 'P-256', algs: ['ES256'] },
]

/** A name of somebody else's in a message: short, and nothing that a terminal obeys. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value
  return JSON.stringify(text.slice(0, 64)).replace(/[^\x20-\x7e]/g, '?')
}

/** Whether two are one key, under one name. */
export function isSameFoundKey(a: Pick<FoundKey, 'kid' | 'jwk'>, b: typeof a): boolean {
  return a.kid === b.kid && jwkThumbprint(a.jwk) === jwkThumbprint(b.jwk)
}
