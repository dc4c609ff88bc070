import { isAscii, isUtf8 } from 'node:buffer'

/** The text of UTF-8 bytes, undefined for bytes that are none. A byte order mark stays in, to be seen. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isAscii(buffer)) return buffer.toString('latin1')
  return isUtf8(buffer) ? buffer.toString('utf8') : undefined
}
