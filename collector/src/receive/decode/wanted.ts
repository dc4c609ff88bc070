import type { Wanted } from './types.ts'

export function isWanted(name: string, wanted: Wanted): boolean {
  for (const prefix of wanted) if (name.startsWith(prefix)) return true
  return false
}

/** The same for a key that is still bytes; prefixes are ASCII. */
export function isWantedKey(bytes: Buffer, start: number, end: number, wanted: Wanted): boolean {
  for (const prefix of wanted) if (hasPrefix(bytes, start, end, prefix)) return true
  return false
}

function hasPrefix(bytes: Buffer, start: number, end: number, prefix: string): boolean {
  if (end - start < prefix.length) return false
  for (let i = 0; i < prefix.length; i += 1) {
    if (bytes[start + i] !== prefix.charCodeAt(i)) return false
  }
  return true
}

/** An id of the right length that is not all zero (W3C Trace Context); else empty. */
export function validId(hex: string, length: number): string {
  return hex.length === length && !/^0*$/.test(hex) ? hex : ''
}
