import {
  decodeBase64url,
  decodeCompact,
  decodeCompactInto,
  encodeBase64url,
  isCompact,
} from './base64url.ts'
import { boundedMap } from './bounded-map.ts'
import { ALGS, LIMITS, type Typ } from './constants.ts'
import { sha256, verifySignature } from './crypto.ts'
import { type Fault, fault, isFault } from './fault.ts'
import { canonicalize } from './json/canonicalize.ts'
import { isJsonObject, parseCanonical } from './json/parse-canonical.ts'
import type { HolderKey } from './jwk.ts'
import type { Signer } from './signer.ts'
import type { Alg, Json } from './types.ts'

/** The closed header of everything that we sign. */
export interface JwsHeader {
  readonly alg: Alg
  readonly typ: Typ
  readonly kid?: string
}

/** What a signature is checked over. */
export interface SignedBytes {
  readonly header: { readonly alg: Alg }
  readonly signingInput: string
  readonly signature: Uint8Array
}

/** A compact JWS whose form is right and whose payload was read; nothing of it is verified yet. */
export interface OpenedJws extends SignedBytes {
  readonly header: JwsHeader
  readonly hash: string
}

/** A compact JWS whose form is right; nothing of it is verified yet. */
export interface Jws extends OpenedJws {
  readonly payload: Uint8Array
}

/**
 * Takes a compact JWS apart, RFC 7515, cheapest checks first: size, parts, alphabet, one spelling
 * only, header canonical and closed, `typ` exact, `alg` in the allow-list. Never throws. Whoever
 * reads the payload at once gives `room` for it: bytes of its own are dear at every link.
 */
export function openJws(
  text: unknown,
  expected: { readonly typ: readonly Typ[]; readonly size: number },
  room?: Buffer,
): Jws | Fault {
  if (typeof text !== 'string') return fault('malformed', 'parts')
  if (text.length > expected.size) return fault('oversized')
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first === -1 || second === -1 || text.includes('.', second + 1))
    return fault('malformed', 'parts')
  const header64 = text.slice(0, first)
  const known = HEADERS.get(header64)
  const headerBytes = known === undefined ? decodeBase64url(header64) : NO_BYTES
  if (!(headerBytes instanceof Uint8Array)) return fault('malformed', headerBytes.refused)
  const compact = isCompact(text)
  const payload = decodePart(text.slice(first + 1, second), compact, room)
  if (!(payload instanceof Uint8Array)) return fault('malformed', payload.refused)
  const signature = decodePart(text.slice(second + 1), compact)
  if (!(signature instanceof Uint8Array)) return fault('malformed', signature.refused)
  const header = known ?? parseHeader(headerBytes, expected.typ)
  if (isFault(header)) return header
  if (!expected.typ.includes(header.typ)) return fault('type_invalid')
  if (known === undefined) HEADERS.set(header64, header)
  const input = text.slice(0, second)
  return {
    header,
    payload,
    signingInput: input,
    signature,
    hash: sha256(input),
  }
}

function decodePart(
  part: string,
  compact: boolean,
  room?: Buffer,
): ReturnType<typeof decodeBase64url> {
  if (!compact) return decodeBase64url(part)
  const bytes = room === undefined ? decodeCompact(part) : decodeCompactInto(room, part)
  return bytes ?? decodeBase64url(part)
}

/** Whether the signature of an opened JWS holds under a key; `alg` must be the key's own. */
export function checkSignature(jws: SignedBytes, key: HolderKey): Fault | undefined {
  if (jws.header.alg !== key.jwk.alg) return fault('alg_key_mismatch')
  const holds = verifySignature(key, signedBytes(jws.signingInput), jws.signature)
  return holds ? undefined : fault('signature_invalid')
}

/** Signing inputs are ASCII and used up at once: one buffer serves nearly all of them. */
const SCRATCH = Buffer.allocUnsafeSlow(LIMITS.artefactSize)

function signedBytes(input: string): Uint8Array {
  if (input.length > SCRATCH.length) return Buffer.from(input, 'latin1')
  return SCRATCH.subarray(0, SCRATCH.write(input, 'latin1'))
}

/**
 * Signs any payload as compact JWS over canonical bytes. The low-level way: nothing about the
 * claims is checked. Use `issueLink`, `narrowLink` and the `sign…` functions to get them right.
 */
export function signJws(
  header: Readonly<Record<string, Json>>,
  payload: Json,
  signer: Pick<Signer, 'sign'>,
): string {
  return signCompact(header, payload, signer).text
}

/** As `signJws`, with the id of the text. */
export function signCompact(
  header: Readonly<Record<string, Json>>,
  payload: Json,
  signer: Pick<Signer, 'sign'>,
): { readonly text: string; readonly hash: string } {
  const input = `${encodeBase64url(canonicalize(header))}.${encodeBase64url(canonicalize(payload))}`
  const signature = signer.sign(Buffer.from(input))
  return { text: `${input}.${encodeBase64url(signature)}`, hash: sha256(input) }
}

/**
 * The id of a signed text: SHA-256 of its JWS signing input, 43 characters of base64url; undefined
 * for a text that has not three parts. The signature is left out on purpose: one signed statement
 * has many signature spellings, and it must have one id.
 */
export function signingInputHash(compact: string): string | undefined {
  const end = compact.lastIndexOf('.')
  const middle = compact.indexOf('.')
  if (end <= middle || compact.indexOf('.', middle + 1) !== end) return undefined
  return sha256(compact.slice(0, end))
}

/** SHA-256 of a whole text, signature included: the key under which a verdict may be kept. */
export function textDigest(compact: string): string {
  return sha256(compact)
}

/** Headers that passed, by their text: nearly all derived links share one. */
const HEADERS = boundedMap<JwsHeader>(256)
const NO_BYTES = new Uint8Array()

const MEMBERS: ReadonlySet<string> = new Set(['alg', 'kid', 'typ'])

/**
 * `jwk`, `jku`, `x5u` and the like are refused, not ignored: they exist to bring a key along.
 * Members come first, so that `crit` cannot hide behind another complaint.
 */
function parseHeader(bytes: Uint8Array, typs: readonly Typ[]): JwsHeader | Fault {
  const parsed = parseCanonical(bytes)
  if (isFault(parsed)) return parsed
  const header = parsed.value
  if (!isJsonObject(header)) return fault('malformed', 'header')
  if (!Object.keys(header).every((name) => MEMBERS.has(name))) return fault('malformed', 'header')
  const typ = typs.find((name) => name === header['typ'])
  if (typ === undefined) return fault('type_invalid')
  const alg = ALGS.find((name) => name === header['alg'])
  if (alg === undefined) return fault('alg_not_allowed')
  const kid = header['kid']
  if (kid === undefined) return { alg, typ }
  const fits = typeof kid === 'string' && kid.length > 0 && kid.length <= 256
  return fits ? { alg, typ, kid } : fault('malformed', 'header')
}
