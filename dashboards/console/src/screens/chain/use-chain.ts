import { useCallback, useEffect, useState } from 'react'
import type { AsOf } from '../../app/as-of.ts'
import { loadBoth } from './compare/load-both.ts'
import { type ChainState, loadChain, Stopped } from './load-chain.ts'

/** A chain as of an instant; compared with another, where one is given, all that either of both knew. */
export function useChain(
  id: string,
  asOf: AsOf | undefined,
  against: AsOf | undefined,
): { readonly chain: ChainState; readonly again: () => void } {
  const [chain, setChain] = useState<ChainState>(NOT_YET)
  const start = useCallback(() => {
    let current = true
    const show = (state: ChainState): void => {
      if (current) setChain(state)
    }
    const onLinks = (links: number): void => show({ state: 'loading', links })
    show(NOT_YET)
    const loading =
      against === undefined
        ? loadChain({ id, ...(asOf === undefined ? {} : { asOf }) }, onLinks)
        : loadBoth(id, asOf, against, onLinks)
    loading.then(show, (error: unknown) => {
      if (error instanceof Stopped) show(error.state)
      else show({ state: 'failed', message: error instanceof Error ? error.message : 'unknown' })
    })
    return () => {
      current = false
    }
  }, [id, asOf, against])
  useEffect(start, [start])
  return { chain, again: () => void start() }
}

const NOT_YET: ChainState = { state: 'loading', links: 0 }
