import { OtlpDecodeError } from './types.ts'

export const VARINT = 0
export const FIXED64 = 1
export const BYTES = 2
const GROUP = 3
const GROUP_END = 4
export const FIXED32 = 5

/** Unknown groups, a relic of protobuf, are passed over to this depth. */
const MAX_GROUP_DEPTH = 32

/**
 * Steps through the fields of one message in protobuf wire format, every length checked against the
 * enclosing message and not only against the buffer. Accepts and refuses what Google's parser does.
 * Source: protobuf.dev, "Encoding".
 */
export class Fields {
  number = 0
  type = 0
  /** Where the value of the present field begins and ends; for a varint, its bytes. */
  start = 0
  end = 0
  readonly #bytes: Buffer
  readonly #limit: number
  #at: number

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes
    this.#limit = end
    this.#at = start
  }

  /** Goes to the next field; false behind the last. */
  next(): boolean {
    if (this.#at >= this.#limit) return false
    this.#tag()
    if (this.type === GROUP_END)
      throw new OtlpDecodeError('a group ends that did not begin', this.#at)
    this.#value(0)
    return true
  }

  /** Whether the present field is this one, in its own wire type; else it is unknown, as in protobuf. */
  is(number: number, type: number): boolean {
    return this.number === number && this.type === type
  }

  #tag(): void {
    const at = this.#at
    const tag = this.#short('tag', 0xffff_ffff)
    this.number = tag >>> 3
    this.type = tag & 7
    if (this.number === 0) throw new OtlpDecodeError('field number 0', at)
  }

  #value(depth: number): void {
    const at = this.#at
    this.start = at
    switch (this.type) {
      case VARINT:
        this.end = varintEnd(this.#bytes, at, this.#limit)
        break
      case FIXED64:
        this.end = at + 8
        break
      case BYTES: {
        const length = this.#short('length', 0x7fff_ffff)
        this.start = this.#at
        this.end = this.#at + length
        break
      }
      case FIXED32:
        this.end = at + 4
        break
      case GROUP:
        this.#group(depth)
        return
      default:
        throw new OtlpDecodeError(`wire type ${this.type}`, at)
    }
    if (this.end > this.#limit) throw new OtlpDecodeError('a value runs past its message', at)
    this.#at = this.end
  }

  /** Nothing in OTLP is a group, so what is inside does not matter, only that it ends. */
  #group(depth: number): void {
    const { number, start } = this
    if (depth >= MAX_GROUP_DEPTH) throw new OtlpDecodeError('groups are nested too deeply', start)
    for (;;) {
      if (this.#at >= this.#limit) throw new OtlpDecodeError('a group does not end', start)
      this.#tag()
      if (this.type === GROUP_END) break
      this.#value(depth + 1)
    }
    if (this.number !== number) throw new OtlpDecodeError('a group ends as another', this.#at)
    this.type = GROUP
    this.start = start
    this.end = this.#at
  }

  /** A varint of at most five bytes: a tag or a length. */
  #short(what: string, max: number): number {
    const from = this.#at
    // The common one is one byte.
    let byte = from < this.#limit ? (this.#bytes[from] ?? 0) : 0x80
    if (byte < 0x80) {
      this.#at = from + 1
      return byte
    }
    let value = 0
    let scale = 1
    for (let at = from; at < this.#limit && at < from + 5; at += 1) {
      byte = this.#bytes[at] ?? 0
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte >= 0x80) continue
      if (value > max) break
      this.#at = at + 1
      return value
    }
    throw new OtlpDecodeError(`a ${what} that is none`, from)
  }
}

function varintEnd(bytes: Buffer, start: number, limit: number): number {
  const last = Math.min(limit, start + 10)
  for (let at = start; at < last; at += 1) if ((bytes[at] ?? 0) < 0x80) return at + 1
  throw new OtlpDecodeError('a varint does not end', start)
}

/** The low 64 bits of a varint, as every protobuf parser takes them. */
function varint(bytes: Buffer, start: number, end: number): bigint {
  let value = 0n
  for (let at = end - 1; at >= start; at -= 1) {
    value = (value << 7n) | BigInt((bytes[at] ?? 0) & 0x7f)
  }
  return BigInt.asUintN(64, value)
}

/** A signed 64-bit varint: a number when that is exact. */
export function int64(bytes: Buffer, start: number, end: number): number | bigint {
  if (end - start <= 4) return small(bytes, start, end)
  return exact(BigInt.asIntN(64, varint(bytes, start, end)))
}

/** A number where that is exact. */
export function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

/** An int32 or an enum: of a longer varint the low 32 bits. */
export function int32(bytes: Buffer, start: number, end: number): number {
  if (end - start <= 4) return small(bytes, start, end)
  return Number(BigInt.asIntN(32, varint(bytes, start, end)))
}

export function uint32(bytes: Buffer, start: number, end: number): number {
  return int32(bytes, start, end) >>> 0
}

export function bool(bytes: Buffer, start: number, end: number): boolean {
  return varint(bytes, start, end) !== 0n
}

function small(bytes: Buffer, start: number, end: number): number {
  let value = 0
  for (let at = end - 1; at >= start; at -= 1) value = value * 128 + ((bytes[at] ?? 0) & 0x7f)
  return value
}
