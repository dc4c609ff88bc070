import { OtlpDecodeError } from './types.ts'

/**
 * Protobuf wire format, read with every length checked against its enclosing message and not only
 * against the buffer. Source: protobuf.dev, "Encoding".
 */
export interface Field {
  readonly number: number
  readonly type: number
  /** Where the value begins and ends; for a varint, its bytes. */
  readonly start: number
  readonly end: number
}

export const VARINT = 0
export const FIXED64 = 1
export const BYTES = 2
export const FIXED32 = 5

/** Calls back for each field of a message. */
export function readFields(
  bytes: Buffer,
  start: number,
  end: number,
  each: (number: number, type: number, start: number, end: number) => void,
): void {
  let at = start
  while (at < end) {
    // The common tag is one byte.
    let tag = bytes[at] ?? 0
    let next = at + 1
    if (tag > 0x7f) {
      next = varintEnd(bytes, at, end)
      tag = smallVarint(bytes, at, next)
    }
    const number = tag >>> 3
    const type = tag & 7
    if (number === 0) throw new OtlpDecodeError('field number 0', at)
    let valueStart = next
    let valueEnd: number
    if (type === BYTES) {
      const lengthEnd = varintEnd(bytes, next, end)
      const length = smallVarint(bytes, next, lengthEnd)
      valueStart = lengthEnd
      valueEnd = valueStart + length
    } else if (type === VARINT) valueEnd = varintEnd(bytes, next, end)
    else if (type === FIXED64) valueEnd = next + 8
    else if (type === FIXED32) valueEnd = next + 4
    else throw new OtlpDecodeError(`wire type ${type}`, at)
    if (valueEnd > end) throw new OtlpDecodeError('a value runs past its message', at)
    each(number, type, valueStart, valueEnd)
    at = valueEnd
  }
}

function varintEnd(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end && at < start + 10; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) {
      // The tenth byte holds one bit of the 64.
      if (at === start + 9 && byte > 1) throw new OtlpDecodeError('varint over 64 bits', start)
      return at + 1
    }
  }
  throw new OtlpDecodeError('a varint does not end', start)
}

/** A varint that must fit 32 bits: a tag or a length. */
function smallVarint(bytes: Buffer, start: number, end: number): number {
  let value = 0
  let scale = 1
  for (let at = start; at < end; at += 1) {
    value += ((bytes[at] ?? 0) & 0x7f) * scale
    scale *= 128
  }
  if (value > 0xffff_ffff) throw new OtlpDecodeError('a number over 32 bits', start)
  return value
}

/** An unsigned 64-bit varint. */
export function varint(bytes: Buffer, start: number, end: number): bigint {
  let value = 0n
  for (let at = end - 1; at >= start; at -= 1) {
    value = (value << 7n) | BigInt((bytes[at] ?? 0) & 0x7f)
  }
  return value
}

/** A signed 64-bit varint: a number when that is exact. */
export function int64(bytes: Buffer, start: number, end: number): number | bigint {
  if (end - start <= 4) {
    let value = 0
    for (let at = end - 1; at >= start; at -= 1) value = value * 128 + ((bytes[at] ?? 0) & 0x7f)
    return value
  }
  const value = BigInt.asIntN(64, varint(bytes, start, end))
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
