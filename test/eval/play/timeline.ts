import type { Event } from '../format.ts'
import type { Unlabelled } from './stage.ts'

/** Seconds between two times of a case: more than any clock skew that a verifier puts up with. */
const STEP = 60
/** Seconds that a case takes at most: a link lives no longer than a day. */
const SPAN = 12 * 3600

/**
 * The events of a case in the order in which they happened, at times that real evidence can have. The times
 * of a case mean their order and nothing else: before, at once, over. So they are numbered, and the numbers
 * are set apart far enough that no tolerance for clock skew tells what the case does not say.
 */
export function onTimeline(played: Unlabelled): Unlabelled {
  const times = played.events.flatMap((event) => [event.t, ...endOf(event)])
  const order = [...new Set(times)].sort((a, b) => a - b)
  const step = Math.max(1, Math.min(STEP, Math.floor(SPAN / order.length)))
  const places = new Map(order.map((time, place) => [time, place * step]))
  const at = (time: number): number => places.get(time) ?? 0
  const events = played.events
    .map((event) => ({
      ...event,
      t: at(event.t),
      ...('exp' in event && event.exp !== undefined ? { exp: at(event.exp) } : {}),
    }))
    .sort((a, b) => a.t - b.t || a.seq - b.seq)
    .map((event, place) => ({ ...event, seq: place + 1 }))
  return { ...played, events }
}

function endOf(event: Event): number[] {
  return 'exp' in event && event.exp !== undefined ? [event.exp] : []
}
