import { ATTR, GEN_AI } from '@delegraph/graph-schema'
import type { AttributeValue } from '../receive/index.ts'

export type Attributes = Readonly<Record<string, AttributeValue>>

export function textOf(attributes: Attributes, name: string, max = 2048): string | undefined {
  const value = attributes[name]
  // Text from JSON may hold half a character; nothing after this has to think of it.
  return typeof value === 'string' && value !== '' ? value.slice(0, max).toWellFormed() : undefined
}

/** Characters of an instance's id that are kept; a UUID has 36. */
export const MAX_INSTANCE = 255

export function textsOf(attributes: Attributes, name: string): string[] {
  const value = attributes[name]
  if (typeof value === 'string') return [value.toWellFormed()]
  if (!Array.isArray(value)) return []
  return value
    .filter((item): item is string => typeof item === 'string')
    .slice(0, 256)
    .map((item) => item.toWellFormed())
}

export function optional<K extends string>(
  key: K,
  value: string | undefined,
): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string }
}

export function milliseconds(nanoseconds: bigint): number {
  const value = nanoseconds / 1_000_000n
  return value > 8_640_000_000_000_000n ? 8_640_000_000_000_000 : Number(value)
}

/** Data is named by keyed hashes and by nothing else: what is none might be the content itself. */
export function hashesIn(attributes: Attributes, name: string): string[] {
  const hashes = textsOf(attributes, name).filter((text) => DATA_HASH.test(text))
  return [...new Set(hashes)].sort()
}

const DATA_HASH = /^[A-Za-z0-9_-]{43}$/

export function sessionOf(attributes: Attributes): string | undefined {
  return textOf(attributes, ATTR.sessionId) ?? textOf(attributes, GEN_AI.conversationId)
}
