import { LIMITS } from '../constants.ts'
import { type Fault, fault } from '../fault.ts'
import type { Json } from '../types.ts'
import { utf8Text } from '../utf8.ts'
import { type NotCanonical, tryCanonicalize } from './canonicalize.ts'

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
  if (isPlainlyCanonical(value, text)) return { value }
  const canonical = tryCanonicalize(value)
  if (typeof canonical !== 'string') return FAULT_OF[canonical.refused]
  return canonical === text ? { value } : fault('non_canonical')
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The cheap proof, for nearly all that is sent: `JSON.stringify` prints values as RFC 8785 does and
 * members as they stand, so a text that it prints again is canonical where its members are sorted.
 * What it cannot show (an escape could be half a character) is left to the full comparison.
 */
function isPlainlyCanonical(value: Json, text: string): boolean {
  if (text.includes('\\')) return false
  return isSorted(value, LIMITS.jsonDepth) && JSON.stringify(value) === text
}

function isSorted(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  if (isList(value)) return value.every((item) => isSorted(item, depth - 1))
  let before: string | undefined
  for (const name in value) {
    if (before !== undefined && name <= before) return false
    const member = value[name]
    if (typeof member === 'object' && member !== null && !isSorted(member, depth - 1)) return false
    before = name
  }
  return true
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

const FAULT_OF: Readonly<Record<NotCanonical, Fault>> = {
  non_finite: fault('non_finite'),
  lone_surrogate: fault('lone_surrogate'),
  too_deep: fault('oversized', 'depth'),
  not_json: fault('malformed', 'json'),
}
