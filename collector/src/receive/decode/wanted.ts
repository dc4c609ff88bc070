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

/** A longer body is not looked into for words: what is looked for takes a few kilobytes. */
const MAX_BODY = 64 * 1024

/** Whether one of the words stands anywhere in these pieces; one that is written with escapes is missed. */
export function holdsWord(
  bytes: Buffer,
  pieces: readonly number[],
  words: readonly string[],
): boolean {
  for (let i = 0; i + 1 < pieces.length; i += 2) {
    const start = pieces[i] ?? 0
    const end = pieces[i + 1] ?? 0
    if (end - start > MAX_BODY) continue
    const piece = bytes.subarray(start, end)
    for (const word of words) if (piece.includes(word)) return true
  }
  return false
}

/** An id of the right length that is not all zero (W3C Trace Context); else empty. */
export function validId(hex: string, length: number): string {
  return hex.length === length && !/^0*$/.test(hex) ? hex : ''
}
