import { type Attributes, type Keep, noAttributes } from './keep.ts'
import { MAX_VALUE_DEPTH } from './limits.ts'
import { type AttributeValue, OtlpDecodeError, type Wanted } from './types.ts'
import { isWantedKey } from './wanted.ts'
import { BYTES, bool, FIXED64, Fields, int64, VARINT } from './wire.ts'

/**
 * Where the bytes of one message are: start and end, again and again. Usually one pair; protobuf
 * merges a message that comes in several pieces as if they were written one behind the other.
 */
export type Pieces = readonly number[]

/** Calls back for each piece. */
function* fieldsOf(bytes: Buffer, pieces: Pieces): Generator<Fields> {
  for (let i = 0; i + 1 < pieces.length; i += 2) {
    const fields = new Fields(bytes, pieces[i] ?? 0, pieces[i + 1] ?? 0)
    while (fields.next()) yield fields
  }
}

/** Field numbers of AnyValue. */
const STRING = 1
const BOOL = 2
const INT = 3
const DOUBLE = 4
const ARRAY = 5
const MAP = 6
const RAW = 7
/** Wire type of each. */
const CHOICES = [-1, BYTES, VARINT, VARINT, FIXED64, BYTES, BYTES, BYTES]

/** Walks a KeyValue and adds it to the attributes kept so far where its key is wanted. */
export function readAttribute(
  bytes: Buffer,
  start: number,
  end: number,
  wanted: Wanted,
  keep: Keep,
  attributes: Attributes | undefined,
): Attributes | undefined {
  const pair = walkKeyValue(bytes, start, end, 1)
  const { keyStart, keyEnd } = pair
  if (!isWantedKey(bytes, keyStart, keyEnd, wanted)) return attributes
  const into = attributes ?? noAttributes()
  const value = readValue(bytes, pair.value, keep)
  if (!keep.full) keep.set(into, keep.text(bytes, keyStart, keyEnd), value)
  return into
}

/** Walks a message for its structure: its attributes are in this field. */
export function walkAttributes(bytes: Buffer, start: number, end: number, number: number): void {
  const fields = new Fields(bytes, start, end)
  while (fields.next()) {
    if (fields.is(number, BYTES)) walkKeyValue(bytes, fields.start, fields.end, 1)
  }
}

/**
 * One AnyValue, whose structure has been walked. The choice made last counts; an array or a map that
 * comes again while it is the choice is continued, as protobuf merges messages.
 */
export function readValue(bytes: Buffer, pieces: Pieces, keep: Keep): AttributeValue {
  if (!keep.take()) return null
  let choice = 0
  let found: number[] = []
  for (const field of fieldsOf(bytes, pieces)) {
    const { number } = field
    if (CHOICES[number] !== field.type) continue
    if (number === choice && (number === ARRAY || number === MAP))
      found.push(field.start, field.end)
    else found = [field.start, field.end]
    choice = number
  }
  const [start = 0, end = 0] = found
  switch (choice) {
    case STRING:
      return keep.text(bytes, start, end)
    case BOOL:
      return bool(bytes, start, end)
    case INT:
      return int64(bytes, start, end)
    case DOUBLE:
      return bytes.readDoubleLE(start)
    case ARRAY:
      return readArray(bytes, found, keep)
    case MAP:
      return readMap(bytes, found, keep)
    case RAW:
      return Uint8Array.prototype.slice.call(bytes, start, end)
    default:
      return null
  }
}

function readArray(bytes: Buffer, pieces: Pieces, keep: Keep): AttributeValue[] {
  const items: AttributeValue[] = []
  for (const field of fieldsOf(bytes, pieces)) {
    if (!field.is(1, BYTES)) continue
    const item = readValue(bytes, [field.start, field.end], keep)
    if (keep.full) break
    items.push(item)
  }
  return items
}

function readMap(bytes: Buffer, pieces: Pieces, keep: Keep): Attributes {
  const map = noAttributes()
  for (const field of fieldsOf(bytes, pieces)) {
    if (!field.is(1, BYTES)) continue
    const pair = keyValue(bytes, field.start, field.end)
    const value = readValue(bytes, pair.value, keep)
    if (keep.full) break
    map[keep.text(bytes, pair.keyStart, pair.keyEnd)] = value
  }
  return map
}

export interface KeyValue {
  keyStart: number
  keyEnd: number
  value: number[]
}

/** Where key and value of a KeyValue are: the last key, and all pieces of the value. */
export function keyValue(bytes: Buffer, start: number, end: number): KeyValue {
  const pair: KeyValue = { keyStart: start, keyEnd: start, value: [] }
  const fields = new Fields(bytes, start, end)
  while (fields.next()) {
    if (fields.is(1, BYTES)) {
      pair.keyStart = fields.start
      pair.keyEnd = fields.end
    } else if (fields.is(2, BYTES)) pair.value.push(fields.start, fields.end)
  }
  return pair
}

/** Walks a KeyValue and gives its bytes; nothing in it is left unread. */
export function walkKeyValue(bytes: Buffer, start: number, end: number, depth: number): KeyValue {
  const pair = keyValue(bytes, start, end)
  const { value } = pair
  for (let i = 0; i + 1 < value.length; i += 2) {
    walkValue(bytes, value[i] ?? 0, value[i + 1] ?? 0, depth)
  }
  return pair
}

/** Walks an AnyValue, so that malformed bytes are found wherever they are. */
export function walkValue(bytes: Buffer, start: number, end: number, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) throw new OtlpDecodeError('a value is nested too deeply', start)
  const choices = new Fields(bytes, start, end)
  while (choices.next()) {
    const isMap = choices.is(MAP, BYTES)
    if (!isMap && !choices.is(ARRAY, BYTES)) continue
    const items = new Fields(bytes, choices.start, choices.end)
    while (items.next()) {
      if (!items.is(1, BYTES)) continue
      if (isMap) walkKeyValue(bytes, items.start, items.end, depth + 1)
      else walkValue(bytes, items.start, items.end, depth + 1)
    }
  }
}
