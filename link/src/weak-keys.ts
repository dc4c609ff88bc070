/**
 * The fourteen encodings of Ed25519 points of small order, canonical and not. Under such a key
 * anybody can make a signature that OpenSSL before 3.5 accepts. Values are base64url `x`.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set(
  [
    // order 1: y = 1, also with the sign bit, and as p + 1
    `01${'00'.repeat(31)}`,
    `01${'00'.repeat(30)}80`,
    `ee${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(31)}`,
    // order 2: y = -1, also with the sign bit
    `ec${'ff'.repeat(30)}7f`,
    `ec${'ff'.repeat(31)}`,
    // order 4: y = 0 with both signs, and as p
    '00'.repeat(32),
    `${'00'.repeat(31)}80`,
    `ed${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(31)}`,
    // order 8: four points
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  ].map((hex) => Buffer.from(hex, 'hex').toString('base64url')),
)

/** Whether `x` of an Ed25519 key, or the first half of a signature, is one of them. */
export function isSmallOrder(x: string): boolean {
  return SMALL_ORDER.has(x)
}

/**
 * Whether 32 bytes spell a point as RFC 8032 section 5.1.3 wants it: y below 2^255 - 19. Engines
 * differ on the nineteen other spellings, and a key has one thumbprint.
 */
export function isCanonicalPoint(bytes: Uint8Array): boolean {
  if (((bytes[31] ?? 0) & 0x7f) !== 0x7f) return true
  for (let index = 30; index > 0; index -= 1) if (bytes[index] !== 0xff) return true
  return (bytes[0] ?? 0) < 0xed
}
