import { type Fault, fault } from '../fault.ts'
import type { Json } from '../types.ts'
import { utf8Text } from '../utf8.ts'
import { type NotCanonical, tryCanonicalize } from './canonicalize.ts'
import { isPlainlyCanonical } from './plainly-canonical.ts'

export type JsonObject = { readonly [name: string]: Json }

/**
 * Parses bytes that must be their own canonical form, RFC 8785. This one rule closes duplicate
 * members, exponent spellings, integers that lose digits, whitespace and member order at once,
 * without a JSON parser of our own. Never throws.
 */
export function parseCanonical(bytes: Uint8Array): { readonly value: Json } | Fault {
  const text = utf8Text(bytes)
  if (text === undefined) return fault('malformed', 'utf8')
  if (text.charCodeAt(0) === 0xfeff) return fault('malformed', 'bom')
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    return fault('malformed', 'json')
  }
  // As many characters as bytes: all of them are ASCII.
  if (text.length === bytes.length && isPlainlyCanonical(bytes)) return { value }
  const canonical = tryCanonicalize(value)
  if (typeof canonical !== 'string') return FAULT_OF[canonical.refused]
  return canonical === text ? { value } : fault('non_canonical')
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const FAULT_OF: Readonly<Record<NotCanonical, Fault>> = {
  non_finite: fault('non_finite'),
  lone_surrogate: fault('lone_surrogate'),
  too_deep: fault('oversized', 'depth'),
  not_json: fault('malformed', 'json'),
}
