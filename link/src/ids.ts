import { encodeBase64url } from './base64url.ts'
import { randomBytes } from './crypto.ts'

/** A UUID version 7, RFC 9562: milliseconds since the epoch, then random bits. */
export function uuidv7(now: number = Date.now()): string {
  const bytes = Buffer.from(randomBytes(16))
  bytes.writeUIntBE(now, 0, 6)
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A fresh 128-bit salt, 22 characters of base64url. Salts stay with the two ends of a call. */
export function newSalt(): string {
  return encodeBase64url(randomBytes(16))
}

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab]/

/**
 * Epoch milliseconds at which a text was signed: its `iat` says the second, and a UUIDv7 as token id
 * the place within it. An id of another second, or of another form, adds nothing.
 */
export function momentOf(iat: number, jti: string | undefined): number {
  const match = UUID_V7.exec(jti ?? '')
  if (match === null) return iat * 1000
  const milliseconds = Number.parseInt(`${match[1]}${match[2]}`, 16)
  return Math.floor(milliseconds / 1000) === iat ? milliseconds : iat * 1000
}
