import { LIMITS } from '../constants.ts'
import { LinkError } from '../errors.ts'
import type { Json } from '../types.ts'

/** Why a value has no canonical form. */
export type NotCanonical = 'non_finite' | 'lone_surrogate' | 'too_deep' | 'not_json'

/**
 * The canonical text of a JSON value, RFC 8785. Throws `LinkError` `invalid_json` for what JSON
 * cannot hold: non-finite numbers, lone surrogates, undefined, functions, nesting beyond 128.
 */
export function canonicalize(value: Json): string {
  const result = tryCanonicalize(value)
  if (typeof result === 'string') return result
  throw new LinkError('invalid_json', `not canonical JSON: ${result.refused}`, {
    detail: result.refused,
  })
}

/** As `canonicalize`, for outside data: never throws. */
export function tryCanonicalize(value: unknown): string | { readonly refused: NotCanonical } {
  try {
    return serialize(value, LIMITS.jsonDepth)
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.reason }
    return { refused: 'not_json' }
  }
}

class Refusal extends Error {
  readonly reason: NotCanonical
  constructor(reason: NotCanonical) {
    super(reason)
    this.reason = reason
  }
}

/** `JSON.stringify` prints strings and numbers as RFC 8785 wants them; -0 becomes 0. */
function serialize(value: unknown, depth: number): string {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new Refusal('lone_surrogate')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Refusal('non_finite')
    return JSON.stringify(value)
  }
  if (value === null || value === true || value === false) return `${value}`
  if (typeof value !== 'object') throw new Refusal('not_json')
  if (depth === 0) throw new Refusal('too_deep')
  return Array.isArray(value) ? serializeArray(value, depth) : serializeObject(value, depth)
}

function serializeArray(items: readonly unknown[], depth: number): string {
  let text = '['
  for (let index = 0; index < items.length; index++) {
    if (index > 0) text += ','
    text += serialize(items[index], depth - 1)
  }
  return `${text}]`
}

/** Own members only, in UTF-16 order, which is what `sort` does. */
function serializeObject(value: object, depth: number): string {
  const members = value as Readonly<Record<string, unknown>>
  let text = '{'
  for (const name of Object.keys(members).sort()) {
    if (text.length > 1) text += ','
    text += `${serialize(name, depth)}:${serialize(members[name], depth - 1)}`
  }
  return `${text}}`
}
