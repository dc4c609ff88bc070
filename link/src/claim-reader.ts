import type { OutcomeCode } from '@delegraph/graph-schema'
import { type Fault, fault } from './fault.ts'
import { isJsonObject, type JsonObject } from './json/parse-canonical.ts'
import type { Json } from './types.ts'

/** base64url of a SHA-256. */
export const HASH = /^[A-Za-z0-9_-]{43}$/

const TEXT_MAX = 512
const LIST_MAX = 256

/** The reader of the object around, and what a fault in here is called there. */
interface Above {
  readonly reader: ClaimReader
  readonly detail: string
}

/**
 * Reads claims out of a payload and keeps the first fault. A reader that met one goes on with
 * placeholders, so that callers build their claims in one expression and ask for `fault` once.
 */
export class ClaimReader {
  readonly #source: JsonObject
  readonly #above: Above | undefined
  #fault: Fault | undefined

  constructor(source: JsonObject, above?: Above) {
    this.#source = source
    this.#above = above
  }

  get fault(): Fault | undefined {
    return this.#fault
  }

  fail(detail: string, code: OutcomeCode = 'malformed'): void {
    if (this.#fault !== undefined) return
    this.#fault = fault(code, detail)
    this.#above?.reader.fail(this.#above.detail)
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#source, name)
  }

  raw(name: string): Json | undefined {
    return Object.hasOwn(this.#source, name) ? this.#source[name] : undefined
  }

  /** A non-empty string of at most `max` characters. */
  text(name: string, max = TEXT_MAX): string {
    const value = this.raw(name)
    if (isText(value, max)) return value
    this.fail(name)
    return ''
  }

  matching(name: string, pattern: RegExp): string {
    const value = this.text(name)
    if (!pattern.test(value)) this.fail(name)
    return value
  }

  oneOf<const Value extends string | true>(
    name: string,
    values: readonly [Value, ...Value[]],
  ): Value {
    const value = this.raw(name)
    for (const candidate of values) if (candidate === value) return candidate
    this.fail(name)
    return values[0]
  }

  /** A non-negative safe integer. */
  int(name: string, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.raw(name)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max)
      return value
    this.fail('num')
    return 0
  }

  /** A finite number from 0 up. */
  amount(name: string): number {
    const value = this.raw(name)
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
    this.fail('num')
    return 0
  }

  flag(name: string): boolean {
    const value = this.raw(name)
    if (typeof value !== 'boolean') this.fail(name)
    return value === true
  }

  texts(name: string, max = TEXT_MAX): readonly string[] {
    const value = this.raw(name)
    if (isTexts(value, max)) return value
    this.fail(name)
    return []
  }

  textOrTexts(name: string): string | readonly string[] {
    return Array.isArray(this.raw(name)) ? this.texts(name) : this.text(name)
  }

  object(name: string, detail = name): JsonObject {
    const value = this.raw(name)
    if (isJsonObject(value)) return value
    this.fail(detail)
    return {}
  }

  list(name: string): readonly Json[] {
    const value = this.raw(name)
    if (isList(value)) return value
    this.fail(name)
    return []
  }

  /** A reader of a nested object with none but the given members. */
  nested(name: string, members: readonly string[], detail = name): ClaimReader {
    const value = this.object(name, detail)
    for (const member in value) if (!members.includes(member)) this.fail(detail)
    return new ClaimReader(value, { reader: this, detail })
  }

  /** A reader for each object of a list, with none but the given members. */
  each(name: string, members: readonly string[]): readonly ClaimReader[] {
    const above = { reader: this, detail: name }
    return this.list(name).map((item) => new ClaimReader({ item }, above).nested('item', members))
  }

  /** Reads a claim that may be absent. */
  optional<Value>(name: string, read: (name: string) => Value): Value | undefined {
    return this.has(name) ? read(name) : undefined
  }
}

export function claimReader(source: JsonObject, above?: Above): ClaimReader {
  return new ClaimReader(source, above)
}

/** The object without its undefined members: an absent claim is absent, not undefined. */
export function present<Members extends object>(
  members: Members,
): { [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  const kept: { [Name in keyof Members]?: Members[Name] } = {}
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name]
  return kept as { [Name in keyof Members]?: Exclude<Members[Name], undefined> }
}

function isText(value: Json | undefined, max: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= max
}

function isTexts(value: Json | undefined, max: number): value is readonly string[] {
  return (
    Array.isArray(value) && value.length <= LIST_MAX && value.every((item) => isText(item, max))
  )
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
