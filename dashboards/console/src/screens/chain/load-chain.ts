import type { CombinedError } from '@urql/core'
import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import type { AsOf } from '../../app/as-of.ts'
import type { Difference } from './compare/differences.ts'
import { CHAIN, CHAIN_ACTIONS, CHAIN_LINKS, type ChainLink } from './documents.ts'
import type { LoadedChain } from './loaded-chain.ts'

export type ChainState =
  | { readonly state: 'loading'; readonly links: number }
  | {
      readonly state: 'unknown'
      readonly kind: string
      readonly message: string
      /** It was there, and its evidence was trimmed. */
      readonly trimmed: boolean
    }
  | { readonly state: 'forbidden'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string }
  | {
      readonly state: 'loaded'
      readonly chain: LoadedChain
      /** Where two instants are compared. */
      readonly differences?: readonly Difference[]
    }

/** Enough for what one person can look at; a chain that the profile allows has 16 links. */
const MAX_LINKS = 4_000
const MAX_ACTIONS = 2_000

/** Why a chain cannot be loaded, through all that loads a part of it. */
export class Stopped extends Error {
  readonly state: ChainState
  constructor(state: ChainState) {
    super('stopped')
    this.state = state
  }
}

/** Which chain, and as it was known when. */
export interface Asking {
  readonly id: string
  readonly asOf?: AsOf
}

/** Page by page: what heads it, its links by depth, what was done under them. */
export async function loadChain(
  asking: Asking,
  onLinks: (count: number) => void,
): Promise<Extract<ChainState, { state: 'loaded' | 'unknown' }>> {
  const policy = { requestPolicy: 'network-only' } as const
  const first = answered(await client.query(CHAIN, asking, policy).toPromise())
  if (first.chain.__typename !== 'Chain') {
    const { __typename: kind, message } = first.chain
    const trimmed = kind === 'NotFoundError' && first.chain.trimmedAt !== null
    return { state: 'unknown', kind, message, trimmed }
  }
  const head = first.chain
  const links = await linksOf(asking, onLinks)
  const actions = await allOf(
    MAX_ACTIONS,
    () => {},
    async (after) => {
      const data = answered(
        await client.query(CHAIN_ACTIONS, { ...asking, after }, policy).toPromise(),
      )
      return data.chain.__typename === 'Chain' ? data.chain.actions : undefined
    },
  )
  return {
    state: 'loaded',
    chain: {
      head,
      links: links.nodes,
      isComplete: links.nodes.some(({ parentHash, arrived }) => arrived && parentHash === null),
      actions: actions.nodes,
      cut: { links: links.cut, actions: actions.cut },
    },
  }
}

/**
 * The API walks sixteen links up and calls the topmost that it met the chain. What hangs deeper, which only a
 * forger makes, is put together from several such pieces, upwards to the root.
 */
async function linksOf(
  asking: Asking,
  onCount: (count: number) => void,
): Promise<{ readonly nodes: ChainLink[]; readonly cut: boolean }> {
  const found = new Map<string, ChainLink>()
  for (let from: string | undefined = asking.id; from !== undefined; ) {
    const piece = await pieceOf({ ...asking, id: from }, (count) => onCount(found.size + count))
    const before = found.size
    for (const link of piece.nodes) found.set(link.hash, link)
    if (piece.cut || found.size >= MAX_LINKS) return { nodes: [...found.values()], cut: true }
    if (found.size === before) break
    from =
      [...found.values()].find(
        ({ arrived, parentHash }) => arrived && parentHash !== null && !found.has(parentHash),
      )?.parentHash ?? undefined
  }
  return { nodes: [...found.values()].sort((a, b) => a.depth - b.depth), cut: false }
}

function pieceOf(asking: Asking, onCount: (count: number) => void) {
  return allOf(MAX_LINKS, onCount, async (after) => {
    const data = answered(
      await client
        .query(CHAIN_LINKS, { ...asking, after }, { requestPolicy: 'network-only' })
        .toPromise(),
    )
    return data.chain.__typename === 'Chain' ? data.chain.links : undefined
  })
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

/** The data of an answer, or `Stopped`. */
export function answered<Data>(result: {
  readonly data?: Data | undefined
  readonly error?: CombinedError | undefined
}): Data {
  const { data, error } = result
  if (data !== undefined) return data
  if (error === undefined) throw new Stopped({ state: 'failed', message: 'no answer' })
  const state = isForbidden(error) ? 'forbidden' : 'failed'
  throw new Stopped({ state, message: messageOf(error) })
}
