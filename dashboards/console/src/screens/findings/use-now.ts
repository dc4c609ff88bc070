import { useCallback, useEffect, useState } from 'react'
import type { AsOf } from '../../app/as-of.ts'

/** So that what is asked twice within a minute is the same question. */
const STEP = 60_000

/**
 * The instant before which `24h` is, epoch milliseconds to the minute: the one that is looked at, or else when the
 * window was set or the list was asked for anew. It stands still while somebody reads.
 */
export function useNow(window: string | undefined, asOf: AsOf | undefined): [number, () => void] {
  const [now, setNow] = useState(thisMinute)
  const tell = useCallback(() => setNow(thisMinute()), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another window begins at another now
  useEffect(tell, [window, tell])
  return [asOf === undefined ? now : Date.parse(asOf.knownAt), tell]
}

function thisMinute(): number {
  return Math.floor(Date.now() / STEP) * STEP
}
