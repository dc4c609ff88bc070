import { outcomeOf } from '@delegraph/graph-schema'
import {
  type ChainVerdict,
  decodeUnverified,
  isFault,
  type LinkVerdict,
  type Trust,
  TYP,
  unjudgedLink,
  verifyChain,
} from '@delegraph/link'
import type { JudgedText } from './case.ts'

/** A chain as it was given, root first, with the link that is not there. */
export interface ChainGiven extends ChainVerdict {
  /** Hash and depth of the link that is missing above the first one that cannot be judged. */
  readonly missing?: { readonly hash: string; readonly depth: number }
}

/**
 * Judges a chain as it was given. A link that sits deeper than its place, under a parent that is not
 * there, is no forgery: what is missing is named, and everything below it cannot be established.
 */
export function judgeChain(
  texts: readonly string[],
  trust: Trust,
  when: { readonly at: number; readonly audience?: string },
): ChainGiven {
  const gap = gapIn(texts)
  const context = { anchors: trust.anchors, ...when }
  if (gap === undefined) return verifyChain(texts, context)
  const above = verifyChain(texts.slice(0, gap.index), context)
  const failed = gap.index > 0 && above.outcome.state !== 'ok'
  const links = [...above.links, ...texts.slice(gap.index).map((text) => unjudgedLink(text))]
  const outcome = failed ? above.outcome : outcomeOf('chain_incomplete', 'parent_missing')
  const { notPerformed } = above
  const failedAt = failed ? above.failedAt : gap.index
  return {
    outcome,
    links,
    notPerformed,
    missing: { hash: gap.parent, depth: gap.depth - 1 },
    ...(failedAt === undefined ? {} : { failedAt }),
  }
}

/** The chains in a set of texts, each root first, with the outcomes that a case gave their links. */
export function linksIn(texts: readonly string[], judged: readonly JudgedText[]): LinkVerdict[][] {
  const links = new Map<string, LinkVerdict>()
  for (const [i, text] of texts.entries()) {
    const one = judged[i]
    if (one?.typ !== TYP.link) continue
    const read = unjudgedLink(text)
    const { outcome, signature = 'unchecked' } = one
    if (signature === 'missing') continue
    if (read.hash !== undefined) links.set(read.hash, { ...read, signature, outcome })
  }
  const parents = new Set([...links.values()].flatMap(({ claims }) => claims?.par_hash ?? []))
  const leaves = [...links].filter(([hash]) => !parents.has(hash))
  return leaves.map(([, leaf]) => {
    const path = [leaf]
    for (let at = leaf; path.length <= links.size; ) {
      const parent = links.get(at.claims?.par_hash ?? '')
      if (parent === undefined) break
      path.unshift(parent)
      at = parent
    }
    return path
  })
}

interface Gap {
  readonly index: number
  readonly parent: string
  readonly depth: number
}

function gapIn(texts: readonly string[]): Gap | undefined {
  const decoded = texts.map((text) => decodeUnverified(text))
  const hashes = new Set(decoded.flatMap((text) => (isFault(text) ? [] : [text.hash])))
  for (const [index, text] of decoded.entries()) {
    if (isFault(text)) return undefined
    const { par_hash: parent, del_depth: depth } = text.payload
    const deeper = typeof depth === 'number' && depth > index
    if (deeper && typeof parent === 'string' && !hashes.has(parent)) return { index, parent, depth }
  }
  return undefined
}
