import { type Fault, fault } from '../fault.ts'
import type { Json } from '../types.ts'
import { utf8Text } from '../utf8.ts'
import { isJsonObject, type JsonObject } from './parse-canonical.ts'

/** Parses bytes that others wrote as a JSON object, in whatever spelling. Never throws. */
export function parseObject(
  bytes: Uint8Array,
): { readonly value: JsonObject; readonly text: string } | Fault {
  const text = utf8Text(bytes)
  if (text === undefined) return fault('malformed', 'utf8')
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    // Also a RangeError for JSON that is nested without end.
    return fault('malformed', 'json')
  }
  return isJsonObject(value) ? { value, text } : fault('malformed', 'not_object')
}
