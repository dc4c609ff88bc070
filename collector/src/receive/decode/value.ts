import { type AttributeValue, MAX_VALUE_DEPTH, OtlpDecodeError, type Wanted } from './types.ts'
import { BYTES, FIXED64, int64, readFields, VARINT } from './wire.ts'

/** Attributes by key, without a prototype: a key named `__proto__` is a key like any other. */
export type Attributes = Record<string, AttributeValue>

export function noAttributes(): Attributes {
  return Object.create(null) as Attributes
}

interface KeyValue {
  keyStart: number
  keyEnd: number
  valueStart: number
  valueEnd: number
}

/** Reads one KeyValue into `into` where its key is wanted; its structure is walked either way. */
export function readAttribute(
  bytes: Buffer,
  start: number,
  end: number,
  wanted: Wanted,
  into: Attributes | undefined,
): boolean {
  const pair = keyValue(bytes, start, end)
  const keep = into !== undefined && isWanted(bytes, pair, wanted)
  if (!keep) {
    walkValue(bytes, pair.valueStart, pair.valueEnd, 1)
    return false
  }
  into[bytes.toString('utf8', pair.keyStart, pair.keyEnd)] = readValue(
    bytes,
    pair.valueStart,
    pair.valueEnd,
    1,
  )
  return true
}

function isWanted(bytes: Buffer, { keyStart, keyEnd }: KeyValue, wanted: Wanted): boolean {
  for (const prefix of wanted) {
    if (keyEnd - keyStart < prefix.length) continue
    // Most keys differ in their first byte.
    if (prefix !== '' && bytes[keyStart] !== prefix.charCodeAt(0)) continue
    if (bytes.toString('latin1', keyStart, keyStart + prefix.length) === prefix) return true
  }
  return false
}

function keyValue(bytes: Buffer, start: number, end: number): KeyValue {
  const pair = { keyStart: start, keyEnd: start, valueStart: start, valueEnd: start }
  readFields(bytes, start, end, (number, type, from, to) => {
    if (type !== BYTES) return
    if (number === 1) {
      pair.keyStart = from
      pair.keyEnd = to
    } else if (number === 2) {
      pair.valueStart = from
      pair.valueEnd = to
    }
  })
  return pair
}

/** One AnyValue. Of a repeated choice the last counts, as protobuf has it. */
export function readValue(
  bytes: Buffer,
  start: number,
  end: number,
  depth: number,
): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) throw new OtlpDecodeError('a value is nested too deeply', start)
  let value: AttributeValue = null
  readFields(bytes, start, end, (number, type, from, to) => {
    if (number === 1 && type === BYTES) value = bytes.toString('utf8', from, to)
    else if (number === 2 && type === VARINT) value = int64(bytes, from, to) !== 0
    else if (number === 3 && type === VARINT) value = int64(bytes, from, to)
    else if (number === 4 && type === FIXED64) value = bytes.readDoubleLE(from)
    else if (number === 5 && type === BYTES) value = readArray(bytes, from, to, depth)
    else if (number === 6 && type === BYTES) value = readMap(bytes, from, to, depth)
    else if (number === 7 && type === BYTES) value = bytes.subarray(from, to)
  })
  return value
}

function readArray(bytes: Buffer, start: number, end: number, depth: number): AttributeValue[] {
  const items: AttributeValue[] = []
  readFields(bytes, start, end, (number, type, from, to) => {
    if (number === 1 && type === BYTES) items.push(readValue(bytes, from, to, depth + 1))
  })
  return items
}

function readMap(bytes: Buffer, start: number, end: number, depth: number): Attributes {
  const map = noAttributes()
  readFields(bytes, start, end, (number, type, from, to) => {
    if (number !== 1 || type !== BYTES) return
    const pair = keyValue(bytes, from, to)
    map[bytes.toString('utf8', pair.keyStart, pair.keyEnd)] = readValue(
      bytes,
      pair.valueStart,
      pair.valueEnd,
      depth + 1,
    )
  })
  return map
}

/** Walks a value that nobody asked for, so that malformed bytes are found wherever they are. */
function walkValue(bytes: Buffer, start: number, end: number, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) throw new OtlpDecodeError('a value is nested too deeply', start)
  readFields(bytes, start, end, (number, type, from, to) => {
    if (type !== BYTES || (number !== 5 && number !== 6)) return
    readFields(bytes, from, to, (inner, innerType, a, b) => {
      if (inner !== 1 || innerType !== BYTES) return
      if (number === 5) walkValue(bytes, a, b, depth + 1)
      else {
        const pair = keyValue(bytes, a, b)
        walkValue(bytes, pair.valueStart, pair.valueEnd, depth + 1)
      }
    })
  })
}
