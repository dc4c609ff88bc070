import { ARRAY, type JsonCursor, OBJECT } from './json-cursor.ts'

interface Member {
  readonly name: string
  /** A bit of its own among the members of the message. */
  readonly bit: number
}

/** The members that a message has. */
export type Members = readonly Member[]

export function members(...names: readonly string[]): Members {
  return names.map((name, i) => ({ name, bit: 1 << i }))
}

/**
 * Steps through the members of one message in JSON. Members that OTLP does not know are passed over, as
 * are those that are null, which protobuf's JSON takes for absent. One that comes twice is malformed:
 * parsers differ in which they take, and what one of them shows another would not.
 */
export class JsonMessage {
  readonly #cursor: JsonCursor
  readonly #members: Members
  #seen = 0

  constructor(cursor: JsonCursor, known: Members) {
    this.#cursor = cursor
    this.#members = known
    cursor.open(OBJECT)
  }

  /** The name of the next known member, whose value is to be read now; undefined behind the last. */
  next(): string | undefined {
    const cursor = this.#cursor
    while (cursor.more(OBJECT)) {
      const token = cursor.name()
      // Once for all the names it is compared with: to unescape is the dear part.
      const text = token.escaped ? cursor.unescapedName(token) : undefined
      const known = this.#members.find(({ name }) =>
        text === undefined ? cursor.matches(token, name) : text === name,
      )
      if (known === undefined) {
        cursor.skip()
        continue
      }
      const { name, bit } = known
      if ((this.#seen & bit) !== 0) throw cursor.malformed(`${name} comes twice`)
      this.#seen |= bit
      if (!cursor.passNull()) return name
    }
    return undefined
  }
}

/** Reads each element of a list. */
export function eachElement(cursor: JsonCursor, read: () => void): void {
  cursor.open(ARRAY)
  while (cursor.more(ARRAY)) read()
}

const INT64 = [-(2n ** 63n), 2n ** 63n - 1n] as const
const UINT64 = [0n, 2n ** 64n - 1n] as const
const INT32 = [-(2n ** 31n), 2n ** 31n - 1n] as const
const UINT32 = [0n, 2n ** 32n - 1n] as const

export function readInt64(cursor: JsonCursor): bigint {
  return integer(cursor, INT64)
}

export function readUint64(cursor: JsonCursor): bigint {
  return integer(cursor, UINT64)
}

/** Also for enums, which OTLP writes as integers. */
export function readInt32(cursor: JsonCursor): number {
  return Number(integer(cursor, INT32))
}

export function readUint32(cursor: JsonCursor): number {
  return Number(integer(cursor, UINT32))
}

/** An integer as number or as text; `1e3` and `5.0` are integers too, as protobuf's JSON has it. */
function integer(cursor: JsonCursor, [min, max]: readonly [bigint, bigint]): bigint {
  const value = anyInteger(cursor)
  if (value === undefined || value < min || value > max) throw cursor.malformed('no such integer')
  return value
}

function anyInteger(cursor: JsonCursor): bigint | undefined {
  const plain = cursor.plainNumeral()
  if (plain >= 0) return BigInt(plain)
  const text = cursor.numeral()
  if (/^-?\d+$/.test(text)) return BigInt(text)
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? BigInt(value) : undefined
}

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
const NOT_FINITE: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity'])

export function readDouble(cursor: JsonCursor): number {
  const text = cursor.numeral()
  if (!DECIMAL.test(text) && !NOT_FINITE.has(text)) throw cursor.malformed('no such number')
  return Number(text)
}
