import { useEffect, useRef, useState } from 'react'
import { isForbidden } from './ask.ts'
import { client, ENDPOINT } from './client.ts'
import { FINDING_CURSOR, WHO_ASKS } from './documents.ts'
import { type FeedState, type FindingEvent, followFindings } from './finding-feed.ts'

/** Follows all changes of findings while it is mounted, from now on; says how the stream does. */
export function useFindingFeed(onEvent: (event: FindingEvent) => void): FeedState {
  const [state, setState] = useState<FeedState>('connecting')
  const latest = useRef(onEvent)
  latest.current = onEvent
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const start = async (): Promise<void> => {
      for (let after: string | undefined; after === undefined && !signal.aborted; ) {
        const { data, error } = await client
          .query(FINDING_CURSOR, {}, { requestPolicy: 'network-only' })
          .toPromise()
        if (error !== undefined && isForbidden(error)) return setState('forbidden')
        after = data?.findingCursor
        if (after === undefined) {
          setState('reconnecting')
          await new Promise((resolve) => setTimeout(resolve, 1_000))
          continue
        }
        await followFindings({
          url: ENDPOINT,
          after,
          signal,
          onState(next) {
            setState(next)
            // The stream alone does not say where one signs in.
            if (next === 'signed-out') {
              void client.query(WHO_ASKS, {}, { requestPolicy: 'network-only' }).toPromise()
            }
          },
          onEvent: (event) => latest.current(event),
        })
      }
    }
    void start()
    return () => controller.abort()
  }, [])
  return state
}
