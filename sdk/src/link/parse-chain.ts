import { outcomeText } from '@delegraph/graph-schema'
import { type Anchor, type IssuedLink, type LinkVerdict, verifyChain } from '@delegraph/link'
import { type Chain, chainOf } from './chain.ts'

/** Why texts are no chain that anybody should act under: an outcome code, with its detail. */
export interface ChainRefusal {
  readonly refused: string
}

/**
 * Reads a chain that somebody handed over. With anchors it is fully verified as of now. Without,
 * an agent cannot know the root's key: form, claims, order and linkage are checked, signatures not.
 */
export function parseChain(
  texts: readonly string[],
  anchors: readonly Anchor[] | undefined,
): Chain | ChainRefusal {
  const at = Math.floor(Date.now() / 1000)
  const verdict = verifyChain(texts, { anchors: anchors ?? [], at })
  if (verdict.links.length === 0) return { refused: outcomeText(verdict.outcome) }
  if (anchors !== undefined && verdict.outcome.state !== 'ok')
    return { refused: outcomeText(verdict.outcome) }
  return assembled(texts, verdict.links)
}

export function isRefusal(result: Chain | ChainRefusal): result is ChainRefusal {
  return 'refused' in result
}

function assembled(
  texts: readonly string[],
  verdicts: readonly LinkVerdict[],
): Chain | ChainRefusal {
  const links: IssuedLink[] = []
  for (const [index, text] of texts.entries()) {
    const { hash, claims, outcome } = verdicts[index] ?? {}
    if (hash === undefined || claims === undefined)
      return { refused: outcome === undefined ? 'malformed' : outcomeText(outcome) }
    if (claims.par_hash !== links.at(-1)?.hash) return { refused: 'par_hash_mismatch' }
    if (claims.del_depth !== index) return { refused: 'depth_invalid' }
    links.push({ text, hash, claims })
  }
  const [root, ...others] = links
  return root === undefined ? { refused: 'malformed' } : chainOf([root, ...others])
}
