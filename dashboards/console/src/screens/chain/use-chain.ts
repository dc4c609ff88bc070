import type { CombinedError } from '@urql/core'
import { useEffect, useState } from 'react'
import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import {
  CHAIN,
  CHAIN_ACTIONS,
  CHAIN_LINKS,
  type ChainAction,
  type ChainHead,
  type ChainLink,
} from './documents.ts'

/** A chain with all that belongs to it, as far as it is loaded. */
export interface LoadedChain {
  readonly head: ChainHead
  readonly links: readonly ChainLink[]
  readonly actions: readonly ChainAction[]
  /** What was left out; a cut is said and never silent. */
  readonly cut: { readonly links: boolean; readonly actions: boolean }
}

export type ChainState =
  | { readonly state: 'loading'; readonly links: number }
  | { readonly state: 'unknown'; readonly message: string }
  | { readonly state: 'forbidden'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'loaded'; readonly chain: LoadedChain }

/** Enough for what one person can look at; a chain that the profile allows has 16 links. */
const MAX_LINKS = 4_000
const MAX_ACTIONS = 2_000

class Stopped extends Error {
  readonly state: ChainState
  constructor(state: ChainState) {
    super('stopped')
    this.state = state
  }
}

/** Loads a chain page by page: what heads it, its links by depth, what was done under them. */
export function useChain(id: string): { readonly chain: ChainState; readonly again: () => void } {
  const [round, setRound] = useState(0)
  const [chain, setChain] = useState<ChainState>({ state: 'loading', links: 0 })
  useEffect(() => {
    let current = true
    const show = (state: ChainState): void => {
      if (current) setChain(state)
    }
    show({ state: 'loading', links: 0 })
    load(id, (links) => show({ state: 'loading', links })).then(show, (error: unknown) => {
      if (error instanceof Stopped) show(error.state)
      else show({ state: 'failed', message: error instanceof Error ? error.message : 'unknown' })
    })
    return () => {
      current = false
    }
  }, [id, round])
  return { chain, again: () => setRound((before) => before + 1) }
}

async function load(id: string, onLinks: (count: number) => void): Promise<ChainState> {
  const policy = { requestPolicy: 'network-only' } as const
  const first = answered(await client.query(CHAIN, { id }, policy).toPromise())
  if (first.chain.__typename !== 'Chain') {
    return { state: 'unknown', message: first.chain.message }
  }
  const head = first.chain
  const links = await allOf(MAX_LINKS, onLinks, async (after) => {
    const data = answered(await client.query(CHAIN_LINKS, { id, after }, policy).toPromise())
    return data.chain.__typename === 'Chain' ? data.chain.links : undefined
  })
  const actions = await allOf(
    MAX_ACTIONS,
    () => {},
    async (after) => {
      const data = answered(await client.query(CHAIN_ACTIONS, { id, after }, policy).toPromise())
      return data.chain.__typename === 'Chain' ? data.chain.actions : undefined
    },
  )
  return {
    state: 'loaded',
    chain: {
      head,
      links: links.nodes,
      actions: actions.nodes,
      cut: { links: links.cut, actions: actions.cut },
    },
  }
}

interface Page<Node> {
  readonly nodes: readonly Node[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

async function allOf<Node>(
  max: number,
  onCount: (count: number) => void,
  page: (after: string | null) => Promise<Page<Node> | undefined>,
): Promise<{ readonly nodes: Node[]; readonly cut: boolean }> {
  const nodes: Node[] = []
  for (let after: string | null = null; ; ) {
    const next = await page(after)
    if (next === undefined) return { nodes, cut: false }
    nodes.push(...next.nodes)
    onCount(nodes.length)
    if (!next.pageInfo.hasNextPage) return { nodes, cut: false }
    if (nodes.length >= max) return { nodes, cut: true }
    after = next.pageInfo.endCursor
  }
}

function answered<Data>(result: {
  readonly data?: Data | undefined
  readonly error?: CombinedError | undefined
}): Data {
  const { data, error } = result
  if (data !== undefined) return data
  if (error === undefined) throw new Stopped({ state: 'failed', message: 'no answer' })
  const state = isForbidden(error) ? 'forbidden' : 'failed'
  throw new Stopped({ state, message: messageOf(error) })
}
