import { LIMITS, TYP, type Typ } from './constants.ts'
import { sha256 } from './crypto.ts'
import { type Fault, fault, isFault } from './fault.ts'
import { isJsonObject, type JsonObject, parseCanonical } from './json/parse-canonical.ts'
import { openJws } from './jws.ts'
import type { Alg } from './types.ts'

/** A signed text whose form is right and whose signature nobody has checked. */
export interface DecodedText {
  readonly typ: Typ
  readonly alg: Alg
  readonly kid?: string
  readonly payload: JsonObject
  /** SHA-256 of the signing input: its id. */
  readonly hash: string
  /** SHA-256 of the whole text. */
  readonly digest: string
}

/**
 * Reads a signed text without a key, for a receiver that must route evidence before keys have
 * arrived. All limits and canonical checks apply; nothing in the result may be believed.
 */
export function decodeUnverified(text: string): DecodedText | Fault {
  const jws = openJws(text, { typ: ALL_TYPS, size: LIMITS.registrySize })
  if (isFault(jws)) return jws
  if (text.length > sizeLimit(jws.header.typ)) return fault('oversized')
  const parsed = parseCanonical(jws.payload)
  if (isFault(parsed)) return parsed
  if (!isJsonObject(parsed.value)) return fault('malformed', 'not_object')
  return { ...jws.header, payload: parsed.value, hash: jws.hash, digest: sha256(text) }
}

/** The longest compact text that a type may have, in characters. */
export function sizeLimit(typ: Typ): number {
  if (typ === TYP.link) return LIMITS.linkSize
  if (typ === TYP.pop) return LIMITS.popSize
  return typ === TYP.registry ? LIMITS.registrySize : LIMITS.artefactSize
}

const ALL_TYPS: readonly Typ[] = Object.values(TYP)
