import type { FindingEvent } from '../../api/finding-feed.ts'

/** What came, newest first, and how much was let go of. */
export interface Stream {
  readonly events: readonly FindingEvent[]
  readonly count: number
}

export const NOTHING: Stream = { events: [], count: 0 }

/** A page that stays open for days must not grow without end. */
export const KEPT = 1_000

/** With events that came, in the order in which they came. */
export function withEvents(stream: Stream, came: readonly FindingEvent[]): Stream {
  return {
    events: [...[...came].reverse(), ...stream.events].slice(0, KEPT),
    count: stream.count + came.length,
  }
}
