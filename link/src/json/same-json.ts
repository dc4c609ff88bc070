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
    for (let index = 0; index < a.length; index += 1)
      if (!sameJson(a[index], b[index])) return false
    return true
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
  for (let index = 0; index < items.length; index += 1)
    if (sameJson(items[index], item)) return true
  return false
}

/** Whether all of one list are among those of the other. */
export function areAmong(items: readonly Json[], others: readonly Json[]): boolean {
  for (const item of items) if (!includesJson(others, item)) return false
  return true
}

/** Array.isArray does not narrow readonly arrays. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
