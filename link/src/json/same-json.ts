import type { Json } from '../types.ts'

/**
 * Equality of canonical forms, without making them: -0 equals 0, member order does not count.
 * It descends both values at once, so a bounded constraint bounds it whatever the argument is.
 */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isArray(a)) {
    if (!isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => sameJson(item, b[index]))
  }
  if (isArray(b)) return false
  let size = 0
  for (const name in a) {
    if (!Object.hasOwn(b, name) || !sameJson(a[name], b[name])) return false
    size += 1
  }
  return size === Object.keys(b).length
}

export function includesJson(items: readonly Json[], item: Json): boolean {
  return items.some((candidate) => sameJson(candidate, item))
}

/** Array.isArray does not narrow readonly arrays. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
