import type { JsonCursor } from './json-cursor.ts'
import { eachElement, JsonMessage, members, readDouble, readInt64 } from './json-message.ts'
import { type Attributes, type Keep, noAttributes } from './keep.ts'
import { MAX_VALUE_DEPTH } from './limits.ts'
import type { AttributeValue, Wanted } from './types.ts'
import { isWanted, isWantedKey } from './wanted.ts'
import { exact } from './wire.ts'

const ANY_VALUE = members(
  'stringValue',
  'boolValue',
  'intValue',
  'doubleValue',
  'arrayValue',
  'kvlistValue',
  'bytesValue',
)
const LIST = members('values')
const KEY_VALUE = members('key', 'value')

/** Reads an AnyValue, and keeps it where there is something to keep it in. */
export function readValue(cursor: JsonCursor, depth: number, keep?: Keep): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) throw cursor.malformed('a value is nested too deeply')
  const kept = keep?.take() === true ? keep : undefined
  let value: AttributeValue = null
  let chosen = false
  const message = new JsonMessage(cursor, ANY_VALUE)
  for (let name = message.next(); name !== undefined; name = message.next()) {
    // A oneof holds one: which of two would count is for nobody to guess.
    if (chosen) throw cursor.malformed('a value of two kinds')
    chosen = true
    value = readChoice(cursor, name, depth, kept)
  }
  return value
}

function readChoice(
  cursor: JsonCursor,
  name: string,
  depth: number,
  keep: Keep | undefined,
): AttributeValue {
  switch (name) {
    case 'boolValue':
      return cursor.bool()
    case 'intValue':
      return exact(readInt64(cursor))
    case 'doubleValue':
      return readDouble(cursor)
    case 'arrayValue':
      return readArray(cursor, depth, keep)
    case 'kvlistValue':
      return readMap(cursor, depth, keep)
    case 'bytesValue': {
      const { start, end } = cursor.string()
      if (keep === undefined) return null
      return new Uint8Array(Buffer.from(cursor.bytes.toString('latin1', start, end), 'base64'))
    }
    default: {
      const token = cursor.string()
      return keep === undefined ? null : cursor.text(token, keep)
    }
  }
}

function readArray(cursor: JsonCursor, depth: number, keep: Keep | undefined): AttributeValue[] {
  const items: AttributeValue[] = []
  const message = new JsonMessage(cursor, LIST)
  while (message.next() !== undefined) {
    eachElement(cursor, () => {
      const item = readValue(cursor, depth + 1, keep)
      if (keep?.full === false) items.push(item)
    })
  }
  return items
}

function readMap(cursor: JsonCursor, depth: number, keep: Keep | undefined): Attributes {
  const map = noAttributes()
  const message = new JsonMessage(cursor, LIST)
  while (message.next() !== undefined) {
    eachElement(cursor, () => {
      let key = ''
      let value: AttributeValue = null
      const pair = new JsonMessage(cursor, KEY_VALUE)
      for (let name = pair.next(); name !== undefined; name = pair.next()) {
        if (name === 'key') {
          const token = cursor.string()
          if (keep !== undefined) key = cursor.text(token, keep)
        } else value = readValue(cursor, depth + 1, keep)
      }
      if (keep?.full === false) map[key] = value
    })
  }
  return map
}

/** Reads a list of KeyValues; undefined where none of the keys is wanted. All are checked. */
export function readAttributes(
  cursor: JsonCursor,
  wanted: Wanted,
  keep: Keep,
): Attributes | undefined {
  let attributes: Attributes | undefined
  eachElement(cursor, () => {
    let key = ''
    let isKept = isWanted(key, wanted)
    // The key may come behind the value: where that is, it is read again.
    let valueAt = -1
    const pair = new JsonMessage(cursor, KEY_VALUE)
    for (let name = pair.next(); name !== undefined; name = pair.next()) {
      if (name === 'key') {
        const token = cursor.string()
        isKept = token.escaped || isWantedKey(cursor.bytes, token.start, token.end, wanted)
        if (isKept) key = cursor.text(token, keep)
        if (token.escaped) isKept = isWanted(key, wanted)
      } else {
        valueAt = cursor.at
        readValue(cursor, 1)
      }
    }
    if (!isKept) return
    attributes ??= noAttributes()
    const value = valueAt < 0 ? null : readValue(cursor.from(valueAt), 1, keep)
    if (!keep.full) keep.set(attributes, key, value)
  })
  return attributes
}
