// Declared purposes, compared by the taxonomy of the case. Nothing is read into their words.
import type { LinkEvent } from '../eval/format.ts'
import type { History } from './history.ts'

/** True if a declared purpose is neither the chain's nor below it. Where either is silent nothing drifts. */
export function purposeDrifts(
  h: History,
  path: readonly LinkEvent[],
  declared: string | undefined,
): boolean {
  const purpose = path[0]?.purpose
  if (purpose === undefined || declared === undefined) return false
  const seen = new Set<string>()
  let at: string | undefined = declared
  while (at !== undefined && !seen.has(at)) {
    if (at === purpose) return false
    seen.add(at)
    at = Object.hasOwn(h.told.purposes, at) ? h.told.purposes[at] : undefined
  }
  return true
}
