import type { Arguments, Json } from '@delegraph/link'

/**
 * Arguments of a framework as JSON that can be hashed. What JSON does not hold (functions,
 * undefined, cycles, lone surrogates) must not keep an agent from its call, so that it is replaced
 * and not refused. Anything but an object becomes the one argument `input`.
 */
export function jsonArguments(input: unknown): Arguments {
  if (input === undefined || input === null) return {}
  const value = plain(input, [])
  return isObject(value) ? value : { input: value ?? null }
}

/** Stands for a value that has no JSON form. */
const UNREADABLE = '[no JSON form]'
const MAX_DEPTH = 64

function plain(value: unknown, above: readonly object[]): Json | undefined {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object') return undefined
  if (above.includes(value) || above.length >= MAX_DEPTH) return UNREADABLE
  const inside = [...above, value]
  const own = serialised(value)
  if (own !== value) return plain(own, inside)
  if (Array.isArray(value)) return value.map((item) => plain(item, inside) ?? null)
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const member = plain(item, inside)
    return member === undefined ? [] : [[name.toWellFormed(), member] as const]
  })
  return Object.fromEntries(entries)
}

/** What an object says of itself, as JSON.stringify asks for it: dates, URLs. */
function serialised(value: object): unknown {
  if (!('toJSON' in value) || typeof value.toJSON !== 'function') return value
  try {
    return value.toJSON()
  } catch {
    return UNREADABLE
  }
}

function isObject(value: Json | undefined): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
