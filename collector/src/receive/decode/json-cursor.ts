import type { Keep } from './keep.ts'
import { MAX_JSON_DEPTH } from './limits.ts'
import { OtlpDecodeError } from './types.ts'

/** A string in the body, between its quotes. */
export interface Token {
  readonly start: number
  readonly end: number
  readonly escaped: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const MINUS = 0x2d
export const OBJECT = 0x7b
export const ARRAY = 0x5b
const SMALL_N = 0x6e
/** What may stand behind a number in an object or an array. */
const ENDS_NUMERAL: ReadonlySet<number> = new Set([
  COMMA,
  OBJECT + 2,
  ARRAY + 2,
  0x20,
  0x0a,
  0x0d,
  0x09,
])
/** The longest known name, each character as six. */
const MAX_ESCAPED_NAME = 6 * 32
/** Longer numerals are of no number that OTLP has. */
const MAX_NUMERAL = 64
/** As many digits are always exact. */
const EXACT_DIGITS = 15

/**
 * Reads JSON (RFC 8259) byte by byte and makes nothing of what nobody asks for. `JSON.parse` would make
 * an object of each of the twenty million `{}` that fit a body, and run out of memory.
 */
export class JsonCursor {
  readonly bytes: Buffer
  #at: number
  #depth = 0
  /** Just behind an opening bracket, where no comma is due. */
  #fresh = false

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes
    this.#at = at
  }

  /** Another cursor over the same bytes. */
  from(at: number): JsonCursor {
    return new JsonCursor(this.bytes, at)
  }

  /** Where the next value begins. */
  get at(): number {
    this.#space()
    return this.#at
  }

  /** Enters an object or an array. */
  open(bracket: typeof OBJECT | typeof ARRAY): void {
    this.#expect(bracket)
    this.#depth += 1
    if (this.#depth > MAX_JSON_DEPTH) throw this.malformed('JSON is nested too deeply')
    this.#fresh = true
  }

  /** Whether another member or element follows; leaves the object or array if not. */
  more(bracket: typeof OBJECT | typeof ARRAY): boolean {
    const fresh = this.#fresh
    this.#fresh = false
    // The closing bracket is two behind the opening one, in ASCII.
    if (this.#peek() === bracket + 2) {
      this.#at += 1
      this.#depth -= 1
      return false
    }
    if (!fresh) this.#expect(COMMA)
    return true
  }

  /** The name of a member. */
  name(): Token {
    const token = this.string()
    this.#expect(COLON)
    return token
  }

  /** A name that is written with escapes; empty for one that is longer than any that is known. */
  unescapedName(token: Token): string {
    return token.end - token.start > MAX_ESCAPED_NAME ? '' : this.#unescaped(token)
  }

  /** Whether a token without escapes is this text, which is ASCII. */
  matches({ start, end }: Token, text: string): boolean {
    if (end - start !== text.length) return false
    for (let i = 0; i < text.length; i += 1) {
      if (this.bytes[start + i] !== text.charCodeAt(i)) return false
    }
    return true
  }

  string(): Token {
    this.#expect(QUOTE)
    const { bytes } = this
    const start = this.#at
    let escaped = false
    for (let at = start; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0
      if (byte === QUOTE) {
        this.#at = at + 1
        return { start, end: at, escaped }
      }
      if (byte === BACKSLASH) {
        escaped = true
        at += this.#escape(at + 1)
      } else if (byte < 0x20) {
        this.#at = at
        throw this.malformed('a control character in a string')
      }
    }
    this.#at = bytes.length
    throw this.malformed('a string does not end')
  }

  text(token: Token, keep: Keep): string {
    const raw = keep.text(this.bytes, token.start, token.end)
    if (!token.escaped) return raw
    const text = this.#unescaped(token)
    if (text.isWellFormed()) return text
    keep.flag('text_replaced')
    return text.toWellFormed()
  }

  isString(): boolean {
    return this.#peek() === QUOTE
  }

  /** Passes over a `null`, where there is one. */
  passNull(): boolean {
    if (this.#peek() !== SMALL_N) return false
    this.#literal('null')
    return true
  }

  bool(): boolean {
    const isTrue = this.#peek() === 0x74
    this.#literal(isTrue ? 'true' : 'false')
    return isTrue
  }

  /** A short number without sign, point or exponent, which most are; -1 and stays before any other. */
  plainNumeral(): number {
    const { bytes } = this
    const quoted = this.isString() ? 1 : 0
    const start = this.#at + quoted
    let at = start
    let value = 0
    for (; at - start < EXACT_DIGITS; at += 1) {
      const digit = (bytes[at] ?? 0) - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    const after = bytes[at] ?? 0
    const ends = quoted === 1 ? after === QUOTE : ENDS_NUMERAL.has(after)
    const leadingZero = at - start > 1 && bytes[start] === 0x30
    if (at === start || !ends || leadingZero) return -1
    this.#at = at + quoted
    return value
  }

  /** A number as it is written, or one written as a string; empty where it is too long for any. */
  numeral(): string {
    let start = this.at
    let end: number
    if (this.isString()) ({ start, end } = this.string())
    else {
      this.#number()
      end = this.#at
    }
    return end - start > MAX_NUMERAL ? '' : this.bytes.toString('latin1', start, end)
  }

  /** Passes over a value of any kind. */
  skip(): void {
    switch (this.#peek()) {
      case QUOTE:
        this.string()
        return
      case OBJECT:
        this.open(OBJECT)
        while (this.more(OBJECT)) {
          this.string()
          this.#expect(COLON)
          this.skip()
        }
        return
      case ARRAY:
        this.open(ARRAY)
        while (this.more(ARRAY)) this.skip()
        return
      case SMALL_N:
        this.#literal('null')
        return
      case 0x74:
      case 0x66:
        this.bool()
        return
      default:
        this.#number()
    }
  }

  /** Nothing but white space may follow. */
  finish(): void {
    this.#space()
    if (this.#at < this.bytes.length) throw this.malformed('something follows the JSON text')
  }

  malformed(message: string): OtlpDecodeError {
    return new OtlpDecodeError(message, this.#at)
  }

  #unescaped({ start, end }: Token): string {
    // The escapes have been checked.
    const parsed: unknown = JSON.parse(`"${this.bytes.toString('utf8', start, end)}"`)
    return typeof parsed === 'string' ? parsed : ''
  }

  #space(): void {
    for (;;) {
      const byte = this.bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at += 1
    }
  }

  #peek(): number {
    this.#space()
    return this.bytes[this.#at] ?? -1
  }

  #expect(byte: number): void {
    if (this.#peek() !== byte) {
      throw this.malformed(`${JSON.stringify(String.fromCharCode(byte))} expected`)
    }
    this.#at += 1
  }

  #literal(word: string): void {
    this.#space()
    const end = this.#at + word.length
    if (this.bytes.toString('latin1', this.#at, end) !== word) throw this.malformed('no JSON value')
    this.#at = end
  }

  /** Checks the escape at `at`, behind its backslash; gives its length. */
  #escape(at: number): number {
    const letter = String.fromCharCode(this.bytes[at] ?? 0)
    if ('"\\/bfnrt'.includes(letter)) return 1
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(this.bytes.toString('latin1', at + 1, at + 5))) {
      return 5
    }
    this.#at = at
    throw this.malformed('no JSON escape')
  }

  #number(): void {
    this.#space()
    const { bytes } = this
    if (bytes[this.#at] === MINUS) this.#at += 1
    // No leading zeros.
    if (bytes[this.#at] === 0x30) this.#at += 1
    else this.#digits()
    if (bytes[this.#at] === 0x2e) {
      this.#at += 1
      this.#digits()
    }
    if (((bytes[this.#at] ?? 0) | 0x20) === 0x65) {
      this.#at += 1
      if (bytes[this.#at] === MINUS || bytes[this.#at] === 0x2b) this.#at += 1
      this.#digits()
    }
  }

  #digits(): void {
    const start = this.#at
    for (;;) {
      const byte = this.bytes[this.#at] ?? 0
      if (byte < 0x30 || byte > 0x39) break
      this.#at += 1
    }
    if (this.#at === start) throw this.malformed('no JSON value')
  }
}
