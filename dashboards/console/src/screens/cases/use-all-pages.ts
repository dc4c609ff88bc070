import { useEffect, useRef } from 'react'
import type { Pages } from '../../api/use-pages.ts'

/** Loads page after page until there is no more; each is asked for once. */
export function useAllPages({ state, hasMore, cursor, more }: Pages<unknown>): void {
  const asked = useRef<string | null>(null)
  useEffect(() => {
    if (state === 'loading') asked.current = null
    if (state !== 'ready' || !hasMore || asked.current === cursor) return
    asked.current = cursor
    more()
  }, [state, hasMore, cursor, more])
}
