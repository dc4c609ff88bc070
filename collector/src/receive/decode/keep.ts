import { isUtf8 } from 'node:buffer'
import { MAX_VALUES } from './limits.ts'
import type { AttributeMap, AttributeValue, DecodeFlag } from './types.ts'

/** Attributes by key, without a prototype: a key named `__proto__` is a key like any other. */
export type Attributes = Record<string, AttributeValue>

export function noAttributes(): Attributes {
  return Object.create(null) as Attributes
}

export const NO_ATTRIBUTES: AttributeMap = Object.freeze(noAttributes())

/** What is being kept of one span or log record, and what is to be said about it. */
export class Keep {
  #flags: DecodeFlag[] | undefined
  #values = 0

  /** Each once, in alphabetical order. */
  get flags(): readonly DecodeFlag[] {
    return this.#flags?.sort() ?? NO_FLAGS
  }

  /** A value was left out, and all others are. */
  get full(): boolean {
    return this.#values > MAX_VALUES
  }

  flag(flag: DecodeFlag): void {
    this.#flags ??= []
    if (!this.#flags.includes(flag)) this.#flags.push(flag)
  }

  /** Counts one more value; false where it is one too many and is left out. */
  take(): boolean {
    this.#values += 1
    if (this.#values <= MAX_VALUES) return true
    this.flag('values_cut')
    return false
  }

  /** Text of UTF-8 bytes. */
  text(bytes: Buffer, start: number, end: number): string {
    const text = bytes.toString('utf8', start, end)
    // U+FFFD may also have been sent, as three bytes of its own.
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) this.flag('text_replaced')
    return text
  }

  /** A name, cut where it is longer than any that means something. */
  name(bytes: Buffer, start: number, end: number, max: number): string {
    if (end - start > max) this.flag('values_cut')
    return this.text(bytes, start, Math.min(end, start + max))
  }

  /** Keeps a wanted attribute: of a repeated key the last. */
  set(attributes: Attributes, key: string, value: AttributeValue): void {
    if (key in attributes) this.flag('attribute_repeated')
    attributes[key] = value
  }
}

const NO_FLAGS: readonly DecodeFlag[] = Object.freeze([])
