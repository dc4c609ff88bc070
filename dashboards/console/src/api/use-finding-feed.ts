import { useEffect, useRef, useState } from 'react'
import { client, ENDPOINT } from './client.ts'
import { type FeedState, type FindingEvent, followFindings } from './finding-feed.ts'
import { graphql } from './graphql.ts'

const CURSOR = graphql(`query Cursor { findingCursor }`)

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
        const { data } = await client
          .query(CURSOR, {}, { requestPolicy: 'network-only' })
          .toPromise()
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
          onState: setState,
          onEvent: (event) => latest.current(event),
        })
      }
    }
    void start()
    return () => controller.abort()
  }, [])
  return state
}
