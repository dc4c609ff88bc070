import type { OutcomeCode } from '@delegraph/graph-schema'
import { type Fault, fault } from './fault.ts'
import { isJsonObject, type JsonObject } from './json/parse-canonical.ts'
import type { Json } from './types.ts'

/**
 * Reads claims out of a payload and keeps the first fault. A reader that met one goes on with
 * placeholders, so that callers build their claims in one expression and ask for `fault` once.
 */
export interface ClaimReader {
  readonly fault: Fault | undefined
  fail(detail: string, code?: OutcomeCode): void
  has(name: string): boolean
  raw(name: string): Json | undefined
  /** A non-empty string of at most `max` characters. */
  text(name: string, max?: number): string
  matching(name: string, pattern: RegExp): string
  oneOf<const Value extends string>(name: string, values: readonly [Value, ...Value[]]): Value
  /** A non-negative safe integer. */
  int(name: string, max?: number): number
  flag(name: string): boolean
  texts(name: string, max?: number): readonly string[]
  textOrTexts(name: string): string | readonly string[]
  object(name: string, detail?: string): JsonObject
  list(name: string): readonly Json[]
  /** A reader of a nested object with none but the given members. */
  nested(name: string, members: readonly string[], detail?: string): ClaimReader
  /** Reads a claim that may be absent. */
  optional<Value>(name: string, read: (name: string) => Value): Value | undefined
}

/** base64url of a SHA-256. */
export const HASH = /^[A-Za-z0-9_-]{43}$/

const TEXT_MAX = 512
const LIST_MAX = 256

export function claimReader(source: JsonObject, onFault?: () => void): ClaimReader {
  let first: Fault | undefined
  const reader: ClaimReader = {
    get fault() {
      return first
    },
    fail(detail, code = 'malformed') {
      if (first === undefined) {
        first = fault(code, detail)
        onFault?.()
      }
    },
    has: (name) => Object.hasOwn(source, name),
    raw: (name) => (Object.hasOwn(source, name) ? source[name] : undefined),
    text(name, max = TEXT_MAX) {
      const value = reader.raw(name)
      if (isText(value, max)) return value
      reader.fail(name)
      return ''
    },
    matching(name, pattern) {
      const value = reader.text(name)
      if (!pattern.test(value)) reader.fail(name)
      return value
    },
    oneOf(name, values) {
      const value = reader.raw(name)
      const found = values.find((candidate) => candidate === value)
      if (found === undefined) reader.fail(name)
      return found ?? values[0]
    },
    int(name, max = Number.MAX_SAFE_INTEGER) {
      const value = reader.raw(name)
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max)
        return value
      reader.fail('num')
      return 0
    },
    flag(name) {
      const value = reader.raw(name)
      if (typeof value !== 'boolean') reader.fail(name)
      return value === true
    },
    texts(name, max = TEXT_MAX) {
      const value = reader.raw(name)
      if (isTexts(value, max)) return value
      reader.fail(name)
      return []
    },
    textOrTexts: (name) =>
      Array.isArray(reader.raw(name)) ? reader.texts(name) : reader.text(name),
    object(name, detail = name) {
      const value = reader.raw(name)
      if (isJsonObject(value)) return value
      reader.fail(detail)
      return {}
    },
    list(name) {
      const value = reader.raw(name)
      if (isList(value)) return value
      reader.fail(name)
      return []
    },
    nested(name, members, detail = name) {
      const value = reader.object(name, detail)
      if (!Object.keys(value).every((member) => members.includes(member))) reader.fail(detail)
      return claimReader(value, () => reader.fail(detail))
    },
    optional: (name, read) => (reader.has(name) ? read(name) : undefined),
  }
  return reader
}

/** The object without its undefined members: an absent claim is absent, not undefined. */
export function present<Members extends object>(
  members: Members,
): { [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  const kept: { [Name in keyof Members]?: Exclude<Members[Name], undefined> } = { ...members }
  for (const name in kept) if (kept[name] === undefined) delete kept[name]
  return kept
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
