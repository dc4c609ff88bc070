const INTEGER = 0x02
const SEQUENCE = 0x30

/** At most 6 bytes of frame and twice 33 of numbers; read by the engine before the next call. */
const DER = Buffer.allocUnsafeSlow(72)

/**
 * An ES256 signature, r and s side by side (RFC 7518 section 3.4), as the DER that OpenSSL takes.
 * Node converts as well, but at a third of the price of the verification itself. The result is
 * good until the next call.
 */
export function derOf(signature: Uint8Array): Uint8Array {
  const r = significant(signature, 0)
  const s = significant(signature, 32)
  const rSize = sizeOf(signature, r, 32)
  const sSize = sizeOf(signature, s, 64)
  const size = 6 + rSize + sSize
  DER.fill(0, 0, size)
  DER[0] = SEQUENCE
  DER[1] = size - 2
  DER[2] = INTEGER
  DER[3] = rSize
  for (let at = r; at < 32; at += 1) DER[4 + rSize - 32 + at] = signature[at] ?? 0
  DER[4 + rSize] = INTEGER
  DER[5 + rSize] = sSize
  for (let at = s; at < 64; at += 1) DER[size - 64 + at] = signature[at] ?? 0
  return DER.subarray(0, size)
}

/** Where a number of 32 bytes begins without its leading zeros; at least one byte stays. */
function significant(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < start + 31 && bytes[at] === 0) at += 1
  return at
}

/** A number whose first bit is set gets a zero in front: DER integers have a sign. */
function sizeOf(bytes: Uint8Array, from: number, end: number): number {
  return end - from + ((bytes[from] ?? 0) >= 0x80 ? 1 : 0)
}
