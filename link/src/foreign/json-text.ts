import { LIMITS } from '../constants.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import { parseObject } from '../json/parse-object.ts'
import type { Json } from '../types.ts'

/** Strings, numbers and punctuation of JSON; what lies between them is of no interest here. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g

/**
 * Parses a JSON object that others wrote, in whatever spelling: at most 128 deep, no member twice.
 * With `exact`, no number that a double changes (draft-niyikiza-oauth-attenuating-agent-tokens-02,
 * section 3.4: it must be the number that was written). Never throws.
 */
export function parseJsonText(
  bytes: Uint8Array,
  options: { readonly exact?: boolean } = {},
): { readonly value: JsonObject } | Fault {
  const parsed = parseObject(bytes)
  if (isFault(parsed)) return parsed
  const { value, text } = parsed
  const written = scan(text, options.exact === true)
  if (typeof written !== 'number') return written
  return members(value) === written ? { value } : fault('duplicate_member')
}

/** How many members are written in text that is JSON, or what is wrong with it. */
function scan(text: string, exact: boolean): number | Fault {
  let depth = 0
  let named = 0
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      depth += 1
      if (depth > LIMITS.jsonDepth) return fault('oversized', 'depth')
    } else if (token === '}' || token === ']') depth -= 1
    else if (colon !== undefined) named += 1
    else if (!token.startsWith('"')) {
      const number = Number(token)
      if (!Number.isFinite(number)) return fault('non_finite')
      if (exact && plainNumber(token) !== plainNumber(String(number)))
        return fault('non_canonical', 'number')
    }
  }
  return named
}

/** A double keeps one of two equal names: then fewer members are there than were written. */
function members(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Object.values(value)
  const below = own.reduce((sum: number, item: Json) => sum + members(item), 0)
  return Array.isArray(value) ? below : below + own.length
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** One spelling for one number: its digits without zeros at the ends, and their power of ten. */
function plainNumber(text: string): string {
  const [, sign = '', whole = '', part = '', power = '0'] = NUMBER.exec(text) ?? []
  const digits = `${whole}${part}`.replace(/^0+/, '')
  if (digits === '') return '0'
  const kept = digits.replace(/0+$/, '')
  return `${sign}${kept}e${Number(power) - part.length + digits.length - kept.length}`
}
