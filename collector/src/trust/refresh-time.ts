import { isSpiffe, type Source } from './source.ts'

/** Seconds. Nobody is asked more often, and nothing stays unseen for longer. */
export const REFRESH = { min: 60, max: 3_600 } as const
/** Where a source does not say; SPIFFE Trust Domain and Bundle, 4.1.2, wants five minutes. */
const USUAL = 900
const USUAL_SPIFFE = 300

/**
 * Milliseconds until a source that answered is asked again: as it wishes within bounds, up to a tenth
 * sooner, so that many collectors do not ask at once. `random` is in [0, 1).
 */
export function refreshAfter(source: Source, wish: number | undefined, random: number): number {
  const seconds = wish ?? (isSpiffe(source) ? USUAL_SPIFFE : USUAL)
  return Math.min(Math.max(seconds, REFRESH.min), REFRESH.max) * (1 - random / 10) * 1000
}

/** The same for a source that did not answer `failures` times in a row. */
export function retryAfter(failures: number, random: number): number {
  const seconds = REFRESH.min * 2 ** Math.min(failures - 1, 10)
  return Math.min(seconds, REFRESH.max) * (1 - random / 10) * 1000
}
