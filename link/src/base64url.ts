export function encodeBase64url(bytes: Uint8Array | string): string {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes)
  return buffer.toString('base64url')
}

/**
 * Strict base64url, RFC 4648 section 5 without padding. A text that does not re-encode to itself
 * (unused bits set, impossible length) is refused: otherwise one token has several spellings.
 */
export function decodeBase64url(
  text: string,
): Uint8Array | { readonly refused: 'alphabet' | 'noncanonical_b64' } {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') === text) return bytes
  return { refused: ALPHABET.test(text) ? 'noncanonical_b64' : 'alphabet' }
}

const ALPHABET = /^[A-Za-z0-9_-]*$/
