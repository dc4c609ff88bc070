import { client } from '../../../api/client.ts'
import type { AsOf } from '../../../app/as-of.ts'
import { KNOWN_LINKS } from '../documents.ts'
import { answered, type ChainState, loadChain } from '../load-chain.ts'
import type { LoadedChain } from '../loaded-chain.ts'
import { compareChains } from './differences.ts'

/** Links that are asked for at a time, as many as the API takes. */
const BATCH = 16
/** Links of the one that are looked for in the other at most. */
const MAX_SOUGHT = 20 * BATCH
const NOT_KEPT = { requestPolicy: 'network-only' } as const

/** All that either of two instants knew of a chain, and what differs from the earlier of them to the later. */
export async function loadBoth(
  id: string,
  one: AsOf | undefined,
  other: AsOf | undefined,
  onLinks: (count: number) => void,
): Promise<ChainState> {
  const [earlier, later] = inOrder(one, other)
  // One after the other: each is replayed by the collector, which does that one at a time.
  const before = await loadChain(asking(id, earlier), onLinks)
  if (before.state === 'unknown' && before.kind !== 'NotFoundError') return before
  const after = await loadChain(asking(id, later), onLinks)
  if (after.state === 'unknown' && after.kind !== 'NotFoundError') return after
  const was = before.state === 'loaded' ? before.chain : undefined
  const is = after.state === 'loaded' ? after.chain : undefined
  const comparison = compareChains(
    await withPieces(was, is, earlier),
    await withPieces(is, was, later),
  )
  return comparison === undefined ? after : { state: 'loaded', ...comparison }
}

/** The earlier first; undefined is now. */
function inOrder(
  one: AsOf | undefined,
  other: AsOf | undefined,
): readonly [AsOf | undefined, AsOf | undefined] {
  if (one === undefined) return [other, one]
  if (other === undefined) return [one, other]
  return Date.parse(one.knownAt) <= Date.parse(other.knownAt) ? [one, other] : [other, one]
}

function asking(id: string, asOf: AsOf | undefined) {
  return { id, ...(asOf === undefined ? {} : { asOf }) }
}

/**
 * A chain that a link is missing from is known in pieces, which do not lead to each other: what had arrived of
 * the other's links and hangs elsewhere belongs to it too.
 */
async function withPieces(
  own: LoadedChain | undefined,
  other: LoadedChain | undefined,
  asOf: AsOf | undefined,
): Promise<LoadedChain | undefined> {
  let chain = own
  const isKnown = (hash: string): boolean =>
    chain?.links.some((link) => link.hash === hash && link.arrived) ?? false
  const missing = (other?.links ?? []).filter(({ hash, arrived }) => arrived && !isKnown(hash))
  for (let at = 0; at < Math.min(missing.length, MAX_SOUGHT); at += BATCH) {
    const hashes = missing.slice(at, at + BATCH).map(({ hash }) => hash)
    const variables = { hashes, ...(asOf === undefined ? {} : { asOf }) }
    const { linkTexts } = answered(await client.query(KNOWN_LINKS, variables, NOT_KEPT).toPromise())
    for (const { hash } of linkTexts) {
      if (isKnown(hash)) continue
      const piece = await loadChain(asking(hash, asOf), () => {})
      if (piece.state === 'loaded') chain = joined(chain, piece.chain)
    }
  }
  if (chain === undefined || missing.length <= MAX_SOUGHT) return chain
  return { ...chain, cut: { ...chain.cut, links: true } }
}

function joined(one: LoadedChain | undefined, other: LoadedChain): LoadedChain {
  if (one === undefined) return other
  const { nodes } = one.head.findings
  return {
    head: {
      ...one.head,
      findings: {
        ...one.head.findings,
        nodes: unique([...nodes, ...other.head.findings.nodes], ({ id }) => id),
      },
    },
    // What arrived, and not its name alone, where both have it.
    links: unique(
      [...one.links, ...other.links].sort((a, b) => Number(b.arrived) - Number(a.arrived)),
      ({ hash }) => hash,
    ),
    isComplete: one.isComplete,
    actions: unique([...one.actions, ...other.actions], ({ id }) => id),
    cut: {
      links: one.cut.links || other.cut.links,
      actions: one.cut.actions || other.cut.actions,
    },
  }
}

/** The first of each key. */
function unique<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Thing[] {
  const first = new Map<string, Thing>()
  for (const thing of things) if (!first.has(keyOf(thing))) first.set(keyOf(thing), thing)
  return [...first.values()]
}
