import { inflateSync } from 'node:zlib'

/**
 * The bytes of a ZLIB stream (RFC 1950), or why there are none. It stops at `max` bytes of output:
 * a small text that stands for a large one costs no memory.
 */
export function inflate(
  bytes: Uint8Array,
  max: number,
): Uint8Array | { readonly refused: 'too_large' | 'damaged' } {
  try {
    return inflateSync(bytes, { maxOutputLength: max })
  } catch (error) {
    const tooLarge = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
    return { refused: tooLarge ? 'too_large' : 'damaged' }
  }
}
